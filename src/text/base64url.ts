/** Base64url without padding (RFC 4648, section 5), which every runtime can do, the older ones included. */

export function toBase64Url(bytes: Uint8Array): string {
  let binary = ''
  // Manifests have megabytes, and a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 4096) binary += String.fromCharCode(...bytes.subarray(at, at + 4096))
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
