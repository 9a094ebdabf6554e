/** Opening bundles: nothing of one is used before all of it has been checked. */

import { sha256Of } from '../text/sha256.ts'
import { type ArchiveFile, unpackArchive } from './archive.ts'
import { bad, MANIFEST, type Manifest, readManifest, SIGNATURE } from './manifest.ts'
import { type TrustedKeys, verifyManifest } from './signature.ts'

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
  const files = byName(await unpackArchive(bytes))
  const manifestBytes = files.get(MANIFEST)
  if (manifestBytes === undefined) throw bad('it has no manifest')
  if (trust !== 'unsigned') {
    const signature = files.get(SIGNATURE)
    if (signature === undefined) throw bad('it is not signed')
    await verifyManifest(manifestBytes, textOf(signature), trust)
  }
  const manifest = readManifest(textOf(manifestBytes))
  const contents = await checkContents(manifest, files)
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
    id: await sha256Of(new Uint8Array(manifestBytes)),
    images,
    files: new Map(others.map(([name, data]) => [name.slice('files/'.length), data])),
  }
}

function byName(files: readonly ArchiveFile[]): Map<string, Uint8Array> {
  const named = new Map(files.map(({ name, data }) => [name, data]))
  if (named.size < files.length) throw bad('a file is in it twice')
  return named
}

/** Each file that the manifest lists, as it lists it, and no other. */
async function checkContents(
  { files: listed }: Manifest,
  files: Map<string, Uint8Array>,
): Promise<Map<string, Uint8Array>> {
  const contents = new Map<string, Uint8Array>()
  for (const { name, bytes, sha256 } of listed) {
    const data = files.get(name)
    if (data === undefined || name === MANIFEST || name === SIGNATURE) throw bad(`${name} is missing`)
    if (data.length !== bytes || (await sha256Of(new Uint8Array(data))) !== sha256) {
      throw bad(`${name} is not what the manifest says`)
    }
    contents.set(name, data)
  }
  const surplus = [...files.keys()].find((name) => name !== MANIFEST && name !== SIGNATURE && !contents.has(name))
  if (surplus !== undefined) throw bad(`${JSON.stringify(surplus)} is not in its manifest`)
  return contents
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw bad('its manifest is no UTF-8')
  }
}
