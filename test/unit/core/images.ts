/** Images with words of them changed, and what the core says to them. */
import { Header, LoadFault, type Section } from '../../../assembly/abi/image.ts'
import { Layout } from '../../../assembly/abi/memory.ts'
import { Block } from '../../../assembly/abi/rules.ts'
import { createRandom } from '../../../bench/random.ts'
import { loadCore } from '../../../bindings/embedded.ts'
import { writeChecksum } from '../../../src/compiler/checksum.ts'
import { createEngine } from '../../../src/engine/index.ts'
import type { AccessRequest } from '../../../src/engine/types.ts'

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

export interface Damage {
  /** Where words are changed, one in each image. */
  readonly sections: readonly Section[]
  readonly runs: number
  readonly seed: number
  /** What the images are asked that are taken. */
  readonly requests: readonly AccessRequest[]
}

/** How many damaged images with good checksums the core refuses and takes, and how often one of these that was asked has trapped. */
export async function askDamaged(image: Uint8Array, { sections, runs, seed, requests }: Damage) {
  const { integer: below, pick } = createRandom(seed)
  const outcomes = { refused: 0, taken: 0, trapped: 0 }
  for (let run = 0; run < runs; run++) {
    const damaged = craft(image, (words) => {
      const [start, end] = wordsOf(pick(sections), words)
      const index = start + below(end - start)
      const word = words[index]!
      words[index] = pick([below(2 ** 32), word ^ (1 << below(32)), word + 1, word + 4, word + Block.Line, 0])
    })
    if (load(damaged) !== LoadFault.None) {
      outcomes.refused++
      continue
    }
    outcomes.taken++
    const engine = await createEngine({ image: damaged })
    outcomes.trapped += requests.filter((request) => engine.evaluate(request).code === 'trap').length
  }
  return outcomes
}
