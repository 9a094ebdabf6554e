/** Images with words of them changed, and what the core says to them. */
import { Header, type LoadFault, type Section } from '../../../assembly/abi/image.ts'
import { Layout } from '../../../assembly/abi/memory.ts'
import { loadCore } from '../../../bindings/embedded.ts'
import { writeChecksum } from '../../../src/compiler/checksum.ts'

const module = await loadCore()

/** The image after a change to its words, with a good checksum. */
export function craft(image: Uint8Array, change: (words: Uint32Array) => void): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(image.slice().buffer)
  change(words)
  writeChecksum(words)
  return new Uint8Array(words.buffer)
}

/** What a new instance of the core says to an image, without anything of the host around it. */
export function load(image: Uint8Array): LoadFault {
  const core = new WebAssembly.Instance(module).exports as unknown as {
    readonly memory: WebAssembly.Memory
    readonly loadImage: (length: number) => number
  }
  const missing = Layout.ImageBase + image.length - core.memory.buffer.byteLength
  if (missing > 0) core.memory.grow(Math.ceil(missing / 65536))
  new Uint8Array(core.memory.buffer).set(image, Layout.ImageBase)
  return core.loadImage(image.length)
}

/** The first word of a section, and one after its last. */
export function wordsOf(section: Section, words: Uint32Array): [start: number, end: number] {
  const start = (words[Header.Sections + section * 2] ?? 0) >>> 2
  return [start, start + ((words[Header.Sections + section * 2 + 1] ?? 0) >>> 2)]
}
