/** What a bundle says of itself. */
import { type JsonObject, own } from '../authzen/json.ts'
import { SallyportError } from '../errors.ts'
import { isMap } from '../text/is-map.ts'

export const MANIFEST = 'manifest.json'
export const SIGNATURE = 'manifest.jws'
const FORMAT = 1
/** In bytes: some 9,000 tenants with a text each. It is read before anybody knows who made it. */
export const MAX_MANIFEST = 2 << 20
/** Of all that it lists, in bytes: 400,000 rules and their texts. */
export const MAX_CONTENTS = 256 << 20
/** As much as a tar archive has room for. */
const MAX_FILE_NAME = 100

export interface Manifest {
  readonly format: number
  /** Which line of bundles this is one of; revisions are compared within it. */
  readonly name: string
  /** Grows with every bundle of that name. */
  readonly revision: number
  /** RFC 3339, for people. */
  readonly created?: string
  readonly tenants: readonly BundledTenant[]
  /** Every file of the bundle but the manifest and its signature. */
  readonly files: readonly BundledFile[]
}

export interface BundledTenant {
  readonly tenant: string
  /** The file with its image. */
  readonly image: string
}

export interface BundledFile {
  readonly name: string
  readonly bytes: number
  /** SHA-256 in hex; of an image, its id. */
  readonly sha256: string
}

/** A file lies in a bundle, and nowhere else. */
export function isFileName(name: string): boolean {
  return (
    name.length <= MAX_FILE_NAME &&
    /^[\w.-]+(?:\/[\w.-]+)*$/.test(name) &&
    name.split('/').every((part) => part !== '.' && part !== '..')
  )
}

export function sizeOf(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0)
}

export function writeManifest(manifest: Omit<Manifest, 'format'>): string {
  const { name, revision, created, tenants, files } = manifest
  if (name === '' || name.length > 200)
    throw new SallyportError('E_USAGE', 'a bundle needs a name of at most 200 characters')
  if (!Number.isSafeInteger(revision) || revision < 1) {
    throw new SallyportError('E_USAGE', 'a revision is a whole number from 1 on')
  }
  return `${JSON.stringify({ format: FORMAT, name, revision, ...(created !== undefined && { created }), tenants, files }, null, 2)}\n`
}

/** @throws SallyportError `E_BUNDLE` */
export function readManifest(text: string): Manifest {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw bad('its manifest is no JSON')
  }
  if (!isMap(value)) throw bad('its manifest is no object')
  if (own(value, 'format') !== FORMAT) throw bad('it is of another format; use a version of sallyport that fits')
  const { name, revision, created, tenants, files } = value
  if (typeof name !== 'string' || !Number.isSafeInteger(revision) || (revision as number) < 1) {
    throw bad('its manifest has no name or revision')
  }
  return {
    format: FORMAT,
    name,
    revision: revision as number,
    ...(typeof created === 'string' && { created }),
    tenants: listOf(tenants, readTenant),
    files: listOf(files, readFile),
  }
}

function readTenant({ tenant, image }: JsonObject): BundledTenant {
  if (typeof tenant !== 'string' || typeof image !== 'string') throw bad('its manifest names a tenant without image')
  return { tenant, image }
}

function readFile({ name, bytes, sha256 }: JsonObject): BundledFile {
  if (typeof name !== 'string' || !isFileName(name)) throw bad('its manifest names a file that is no plain path')
  if (name === MANIFEST || name === SIGNATURE) throw bad('its manifest lists itself')
  if (
    !Number.isSafeInteger(bytes) ||
    (bytes as number) < 0 ||
    typeof sha256 !== 'string' ||
    !/^[0-9a-f]{64}$/.test(sha256)
  ) {
    throw bad(`its manifest does not say what ${name} is`)
  }
  return { name, bytes: bytes as number, sha256 }
}

function listOf<T>(value: unknown, read: (one: JsonObject) => T): T[] {
  if (!Array.isArray(value)) throw bad('its manifest lacks a list')
  return value.map((one: unknown) => {
    if (!isMap(one)) throw bad('its manifest has a list of something else')
    return read(one)
  })
}

export function bad(why: string): SallyportError {
  return new SallyportError('E_BUNDLE', `the bundle is refused: ${why}`)
}
