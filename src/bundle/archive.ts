/** A bundle's file: a tar archive in gzip, which any tool can look into. */
import { createTar, parseTar } from 'nanotar'
import { readAtMost } from '../http/read-at-most.ts'
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
  const packed = new Blob([new Uint8Array(tar)]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}

/**
 * The files of an archive, in order.
 *
 * @throws SallyportError `E_BUNDLE` for what is no such archive, is too large, or holds anything but plain files.
 */
export async function unpackArchive(bytes: Uint8Array<ArrayBuffer>): Promise<ArchiveFile[]> {
  let tar: Uint8Array<ArrayBuffer> | undefined
  try {
    tar = await readAtMost(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')), MAX_BYTES)
  } catch {
    throw bad('it is no gzip archive, or damaged')
  }
  if (tar === undefined) throw bad(`it is larger than ${MAX_BYTES} bytes`)
  try {
    return parseTar(tar).map(({ name, type, data, size }) => {
      if (type !== 'file' || data === undefined || data.length !== size) throw new Error('not a plain file')
      return { name, data: new Uint8Array(data) }
    })
  } catch {
    throw bad('it is no archive of plain files')
  }
}
