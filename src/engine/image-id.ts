import { SallyportError } from '../errors.ts'

/** The SHA-256 of an image, in hex: the name of exactly these policies. */
export async function imageId(image: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle
  if (subtle === undefined) {
    throw new SallyportError(
      'E_PLATFORM',
      'WebCrypto is missing here; a page must be served over https or from localhost',
    )
  }
  // The copy has a plain ArrayBuffer, which is what digest takes.
  const digest = new Uint8Array(await subtle.digest('SHA-256', new Uint8Array(image)))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
