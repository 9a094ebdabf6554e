/** Base64url without padding (RFC 4648, section 5), which every runtime can do, the older ones included. */

export function toBase64Url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The bytes of a text; undefined when it is not base64url, or not the one text for its bytes. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text)) return undefined
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0))
    // Bits that are left over in the last character would give one token several texts.
    return toBase64Url(bytes) === text ? bytes : undefined
  } catch {
    return undefined
  }
}
