/** A bundle in a file, as a source for the loader of bundles. */
import { stat } from 'node:fs/promises'
import type { BundleSource } from '../bundle/index.ts'
import { SallyportError } from '../errors.ts'
import { locate, readBytes } from './files.ts'
import type { Io } from './io.ts'

/** The file is read again only when it is another one, or was written to. */
export function fileSource(path: string, io: Io): BundleSource {
  return {
    async read(tag) {
      try {
        // Before the bytes: should the file change in between, the next question finds another tag.
        const { ino, size, mtimeNs, ctimeNs } = await stat(locate(path, io), { bigint: true })
        const own = [ino, size, mtimeNs, ctimeNs].join('-')
        if (own === tag) return undefined
        return { bytes: new Uint8Array(await readBytes(path, io)), tag: own }
      } catch (cause) {
        const why = cause instanceof SallyportError ? cause.message : `cannot read ${path}: ${codeOf(cause)}`
        throw new SallyportError('E_BUNDLE_SOURCE', `no bundle: ${why}`, { cause })
      }
    },
  }
}

function codeOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return code === 'ENOENT' ? 'no such file or folder' : code
}
