/** Making bundles. */
import type { JWK } from 'jose'
import { SallyportError } from '../errors.ts'
import { sha256Of } from '../text/sha256.ts'
import { type ArchiveFile, packArchive } from './archive.ts'
import { isFileName, MANIFEST, MAX_CONTENTS, MAX_MANIFEST, SIGNATURE, sizeOf, writeManifest } from './manifest.ts'
import { readBundle } from './open.ts'
import { signManifest } from './signature.ts'

export interface BundleParts {
  readonly name: string
  readonly revision: number
  readonly created?: string
  /** The compiled policies of each tenant. */
  readonly images: ReadonlyMap<string, Uint8Array>
  /** What goes with them for people to read: the policies' texts. */
  readonly files?: readonly ArchiveFile[]
}

/**
 * A bundle: a gzipped tar of the images, other files, and a manifest that names each by its SHA-256. The same parts give the same manifest.
 *
 * @param key Signs it; without one, it has to be signed later.
 * @throws SallyportError `E_USAGE` for a revision, a file's name or a key that does not do, and for more than can be opened.
 * @example await buildBundle({ name: 'prod', revision: 7, images: new Map([['acme', engine.image.bytes]]) }, privateJwk)
 */
export async function buildBundle(parts: BundleParts, key?: JWK): Promise<Uint8Array<ArrayBuffer>> {
  const { name, revision, created, images, files = [] } = parts
  const tenants = [...images.keys()].sort().map((tenant, i) => ({ tenant, image: `images/${i}.image` }))
  const contents: ArchiveFile[] = [
    ...tenants.map(({ tenant, image }) => ({ name: image, data: images.get(tenant) ?? new Uint8Array() })),
    ...files.map((file) => ({ ...file, name: `files/${file.name}` })),
  ]
  const unusable = contents.find((file) => !isFileName(file.name))
  if (unusable !== undefined) {
    throw new SallyportError(
      'E_USAGE',
      `${JSON.stringify(unusable.name)} cannot be a file of a bundle; use letters, digits, . _ - and /, 100 characters with files/ before it`,
    )
  }
  if (new Set(contents.map((file) => file.name)).size < contents.length) {
    throw new SallyportError('E_USAGE', 'two files of the bundle have the same name')
  }
  const listed = await Promise.all(
    contents.map(async (file) => ({
      name: file.name,
      bytes: file.data.length,
      sha256: await sha256Of(new Uint8Array(file.data)),
    })),
  )
  const manifest = new TextEncoder().encode(
    writeManifest({ name, revision, ...(created !== undefined && { created }), tenants, files: listed }),
  )
  if (manifest.length > MAX_MANIFEST) throw tooLarge(`its manifest would have ${manifest.length}`, MAX_MANIFEST)
  const size = sizeOf(listed)
  if (size > MAX_CONTENTS) throw tooLarge(`its files have ${size}`, MAX_CONTENTS)
  return pack(manifest, key === undefined ? undefined : await signManifest(manifest, key), contents)
}

function tooLarge(what: string, most: number): SallyportError {
  return new SallyportError('E_USAGE', `the bundle is too large: ${what} bytes, and ${most} are the most`)
}

/**
 * The bundle with a signature in place of the one that it may have.
 *
 * @throws SallyportError `E_BUNDLE` when it is damaged, `E_USAGE` when the key does not do.
 */
export async function signBundle(bundle: Uint8Array<ArrayBuffer>, key: JWK): Promise<Uint8Array<ArrayBuffer>> {
  const { manifestBytes, contents } = await readBundle(bundle, 'unsigned')
  const files = [...contents].map(([name, data]) => ({ name, data }))
  return pack(manifestBytes, await signManifest(manifestBytes, key), files)
}

function pack(manifest: Uint8Array, signature: string | undefined, contents: readonly ArchiveFile[]) {
  const signed = signature === undefined ? [] : [{ name: SIGNATURE, data: new TextEncoder().encode(signature) }]
  return packArchive([{ name: MANIFEST, data: manifest }, ...signed, ...contents])
}
