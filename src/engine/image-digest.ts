/**
 * The id of an image, at once: WebCrypto answers only later, and its first use in a process of Node takes longer than all else
 * that loading does (docs/decisions/0005-image-validation.md).
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** The SHA-256 of an image, in hex. */
export function imageDigest(image: Uint8Array): string {
  return bytesToHex(sha256(image))
}
