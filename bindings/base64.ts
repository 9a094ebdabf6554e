/** Bytes written in base64. A hundred kilobytes, one character after the other, would be most of an engine's start. */

interface Decoders {
  /** ECMAScript 2026; not in Node before 25. */
  readonly Uint8Array: { fromBase64?(text: string): Uint8Array<ArrayBuffer> }
  /** Of Node, which bundlers for browsers leave undefined. */
  readonly Buffer?: { from(text: string, encoding: 'base64'): Uint8Array<ArrayBuffer> }
}

/** @example decodeBase64('AGFzbQ==') // Uint8Array [0, 97, 115, 109] */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const { Uint8Array: bytes, Buffer: buffer } = globalThis as Decoders
  if (bytes.fromBase64 !== undefined) return bytes.fromBase64(text)
  if (buffer !== undefined) return buffer.from(text, 'base64')
  return Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0))
}
