/**
 * Texts of an event, none longer than an event has room for: whoever asks chooses ids, and must not make an event that no sink can keep.
 * What is cut says so, and has the digest of the whole, so that two that begin alike are told apart.
 */
import { imageDigest } from '../../engine/image-digest.ts'

/** Longer texts are cut; what was cut is longer, so that no whole text looks like it. */
const LONGEST_TEXT = 1024
/** Characters that the items of a list have together, with one more for each. */
const LONGEST_LIST = 4096

/** @example 'aaaa…(300000 characters, sha256 2d71…)' */
export function cutText(text: string): string {
  if (text.length <= LONGEST_TEXT) return text
  return `${text.slice(0, LONGEST_TEXT)}…(${text.length} characters, sha256 ${sha256Hex(text)})`
}

/** As many as there is room for; then how many are left out, and the digest of them all as JSON. */
export function cutList(items: readonly string[]): readonly string[] {
  if (items.length === 0) return []
  const cut = items.map(cutText)
  let length = 0
  const end = cut.findIndex((item) => {
    length += item.length + 1
    return length > LONGEST_LIST
  })
  if (end < 0) return cut
  return [...cut.slice(0, end), `…(${items.length - end} more, sha256 ${sha256Hex(JSON.stringify(items))})`]
}

/** Of the UTF-8, in hex; at once, as an answer does not wait for its event. */
export function sha256Hex(text: string): string {
  return imageDigest(new TextEncoder().encode(text))
}
