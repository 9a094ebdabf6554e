import { SallyportError } from '../errors.ts'

/** The SHA-256 of a file, in hex. */
export async function sha256Of(file: Uint8Array<ArrayBuffer>): Promise<string> {
  const subtle = globalThis.crypto?.subtle
  if (subtle === undefined) {
    throw new SallyportError(
      'E_PLATFORM',
      'WebCrypto is missing here; a page must be served over https or from localhost',
    )
  }
  const digest = new Uint8Array(await subtle.digest('SHA-256', file))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
