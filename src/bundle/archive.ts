/** A bundle's file: a tar archive in gzip, which any tool can look into. */
import { createTar } from 'nanotar'

export interface ArchiveFile {
  readonly name: string
  readonly data: Uint8Array
}

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
