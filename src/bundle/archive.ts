/** A bundle's file: a tar archive in gzip, which any tool can look into. */
import { createTar, parseTar } from 'nanotar'
import { bad } from './manifest.ts'

export interface ArchiveFile {
  readonly name: string
  readonly data: Uint8Array
}

/** Of an archive when it is unpacked: 400,000 rules and their texts. */
const MAX_BYTES = 256 << 20

/** The same files give the same archive: no times, no owners. */
export async function packArchive(files: readonly ArchiveFile[]): Promise<Uint8Array<ArrayBuffer>> {
  const attrs = { mtime: 0, uid: 0, gid: 0, mode: '644' }
  const tar = createTar(
    files.map(({ name, data }) => ({ name, data })),
    { attrs },
  )
  return collect(
    new Blob([new Uint8Array(tar)]).stream().pipeThrough(new CompressionStream('gzip')),
    Number.POSITIVE_INFINITY,
  )
}

/**
 * The files of an archive, in order.
 *
 * @throws SallyportError `E_BUNDLE` for what is no such archive, is too large, or holds anything but plain files.
 */
export async function unpackArchive(bytes: Uint8Array<ArrayBuffer>): Promise<ArchiveFile[]> {
  let tar: Uint8Array<ArrayBuffer>
  try {
    tar = await collect(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')), MAX_BYTES)
  } catch (error) {
    if (error instanceof RangeError) throw bad(`it is larger than ${MAX_BYTES} bytes`)
    throw bad('it is no gzip archive, or damaged')
  }
  try {
    return parseTar(tar).map(({ name, type, data, size }) => {
      if (type !== 'file' || data === undefined || data.length !== size) throw new Error('not a plain file')
      return { name, data: new Uint8Array(data) }
    })
  } catch {
    throw bad('it is no archive of plain files')
  }
}

async function collect(stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.length
    if (size > most) {
      await reader.cancel()
      throw new RangeError('too large')
    }
    chunks.push(value)
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
