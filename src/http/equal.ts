/** Comparing what must not be guessed piece by piece. */

/**
 * Whether two values have the same bytes, in a time that depends on their length alone: every byte is looked at, whatever the ones
 * before it were. Lengths are no secret.
 *
 * @example equalBytes(await sha256(key), stored)
 */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  let difference = left.length ^ right.length
  for (let i = 0; i < right.length; i++) difference |= (left[i] ?? 0) ^ (right[i] ?? 0)
  return difference === 0
}
