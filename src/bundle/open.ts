/** Opening bundles: nothing of one is used before all of it has been checked. */
import { sha256Of } from '../text/sha256.ts'
import { ArchiveReader } from './archive-reader.ts'
import {
  bad,
  MANIFEST,
  MAX_CONTENTS,
  MAX_MANIFEST,
  type Manifest,
  readManifest,
  SIGNATURE,
  sizeOf,
} from './manifest.ts'
import { type TrustedKeys, verifyManifest } from './signature.ts'

/** Of the file with the signature, which is a line. */
const MAX_SIGNATURE = 64 << 10

export interface Bundle {
  readonly manifest: Manifest
  /** The SHA-256 of the manifest, in hex: the name of exactly this content. */
  readonly id: string
  /** Tenant → image. */
  readonly images: ReadonlyMap<string, Uint8Array>
  /** The other files, by name. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** Who must have signed a bundle. `unsigned` takes any: for files that nobody else can write. */
export type Trust = TrustedKeys | 'unsigned'

/**
 * @throws SallyportError `E_BUNDLE` when it is damaged, holds more or less than its manifest says, or nobody who is trusted signed it.
 * @example const { images } = await openBundle(bytes, { keys: [publicJwk] })
 */
export async function openBundle(bytes: Uint8Array<ArrayBuffer>, trust: Trust): Promise<Bundle> {
  const { manifestBytes, manifest, contents } = await readBundle(bytes, trust)
  const images = new Map<string, Uint8Array>()
  for (const { tenant, image } of manifest.tenants) {
    const found = contents.get(image)
    if (found === undefined) throw bad(`the image of tenant ${JSON.stringify(tenant)} is missing`)
    if (images.has(tenant)) throw bad(`tenant ${JSON.stringify(tenant)} is in it twice`)
    images.set(tenant, found)
  }
  const others = [...contents].filter(([name]) => name.startsWith('files/'))
  return {
    manifest,
    id: await sha256Of(manifestBytes),
    images,
    files: new Map(others.map(([name, data]) => [name.slice('files/'.length), data])),
  }
}

export interface ReadBundle {
  readonly manifest: Manifest
  readonly manifestBytes: Uint8Array<ArrayBuffer>
  /** Each file that the manifest lists, as it lists it, and no other. */
  readonly contents: ReadonlyMap<string, Uint8Array>
}

/**
 * The manifest and its signature come first, and are judged before the rest is unpacked: of what nobody trusted has signed, no
 * more is looked at.
 *
 * @throws SallyportError `E_BUNDLE`
 */
export async function readBundle(bytes: Uint8Array<ArrayBuffer>, trust: Trust): Promise<ReadBundle> {
  const archive = new ArchiveReader(bytes)
  const manifestBytes = await takeNamed(archive, MANIFEST, MAX_MANIFEST)
  if (manifestBytes === undefined) throw bad('it does not begin with its manifest')
  const signature = await takeNamed(archive, SIGNATURE, MAX_SIGNATURE)
  if (trust !== 'unsigned') {
    if (signature === undefined) throw bad('it is not signed')
    await verifyManifest(manifestBytes, textOf(signature), trust)
  }
  const manifest = readManifest(textOf(manifestBytes))
  return { manifest, manifestBytes, contents: await readContents(archive, manifest) }
}

/** The file that comes next; undefined when it is another one. */
async function takeNamed(archive: ArchiveReader, name: string, most: number) {
  const header = await archive.next()
  if (header?.name !== name) return undefined
  if (header.bytes > most) throw bad(`its ${name} is larger than ${most} bytes`)
  return archive.take()
}

async function readContents(archive: ArchiveReader, { files }: Manifest): Promise<Map<string, Uint8Array>> {
  const listed = new Map(files.map((file) => [file.name, file]))
  if (listed.size < files.length) throw bad('its manifest lists a file twice')
  if (sizeOf(files) > MAX_CONTENTS) throw bad(`it is larger than ${MAX_CONTENTS} bytes`)
  const contents = new Map<string, Uint8Array>()
  for (let header = await archive.next(); header !== undefined; header = await archive.next()) {
    const { name, bytes } = header
    const file = listed.get(name)
    if (file === undefined) throw bad(`${JSON.stringify(name)} is not in its manifest`)
    if (contents.has(name)) throw bad('a file is in it twice')
    const data = bytes === file.bytes ? await archive.take() : undefined
    if (data === undefined || (await sha256Of(data)) !== file.sha256) throw bad(`${name} is not what the manifest says`)
    contents.set(name, data)
  }
  const missing = files.find(({ name }) => !contents.has(name))
  if (missing !== undefined) throw bad(`${missing.name} is missing`)
  return contents
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw bad('its manifest is no UTF-8')
  }
}
