/**
 * Reading an archive from its beginning, no further than is asked for: who has it judges by what comes first whether the rest is
 * worth unpacking. It yields to others as it goes on, and holds no more than what is taken. Who stops just lets go of it: Node's
 * streams that decompress throw where nobody can catch it when they are cancelled (24.21.0).
 */
import { parseTar } from 'nanotar'
import { bad } from './manifest.ts'

/** What a tar archive consists of. */
const BLOCK = 512
/** Of zeros, after the last file. Writers fill up to 10 KiB; tapes have larger units. */
const MAX_END = 1 << 20

export interface ArchiveHeader {
  readonly name: string
  readonly bytes: number
}

/** All methods throw `E_BUNDLE` for what is no such archive, or holds anything but plain files. */
export class ArchiveReader {
  readonly #stream: ReadableStreamDefaultReader<Uint8Array>
  #chunk: Uint8Array = new Uint8Array(0)
  #header: ArchiveHeader | undefined

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')).getReader()
  }

  /** The file that comes next; undefined at the end. Nothing of its content has been unpacked for it. */
  async next(): Promise<ArchiveHeader | undefined> {
    if (this.#header === undefined && (await this.#fill())) {
      const block = await this.#read(BLOCK)
      if (block[0] === 0) await this.#end()
      else this.#header = readHeader(block)
    }
    return this.#header
  }

  /** The content of the file that `next` told of, which is then behind. */
  async take(): Promise<Uint8Array<ArrayBuffer>> {
    const length = this.#header?.bytes ?? 0
    this.#header = undefined
    const data = await this.#read(length)
    await this.#read(-length & (BLOCK - 1))
    return data
  }

  /** To the end of the file, whose checksum comes last. */
  async #end(): Promise<void> {
    for (let length = 0; await this.#fill(); this.#chunk = this.#chunk.subarray(this.#chunk.length)) {
      length += this.#chunk.length
      if (length > MAX_END) throw bad('it is larger than its files need')
      if (this.#chunk.some((byte) => byte !== 0)) throw bad('something follows its end')
    }
  }

  async #read(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; ) {
      if (!(await this.#fill())) throw bad('it is no whole archive')
      const part = this.#chunk.subarray(0, length - at)
      bytes.set(part, at)
      at += part.length
      this.#chunk = this.#chunk.subarray(part.length)
    }
    return bytes
  }

  /** Whether there is more. */
  async #fill(): Promise<boolean> {
    while (this.#chunk.length === 0) {
      const read = await this.#stream.read().catch(() => {
        throw bad('it is no gzip archive, or damaged')
      })
      if (read.done) return false
      this.#chunk = read.value
    }
    return true
  }
}

function readHeader(block: Uint8Array): ArchiveHeader {
  // parseTar reads a header only where something follows.
  const padded = new Uint8Array(2 * BLOCK)
  padded.set(block)
  try {
    const [header] = parseTar(padded, { metaOnly: true })
    if (header?.type === 'file' && Number.isSafeInteger(header.size) && (header.size ?? -1) >= 0) {
      return { name: header.name, bytes: header.size ?? 0 }
    }
  } catch {
    // Told below.
  }
  throw bad('it is no archive of plain files')
}
