/** Parts of the request that are strings, without their escapes. */
import { find, Located } from './located'
import { madeLength, resolveToken } from './text'

/** Where the text of a part is, a string without escapes. */
export function partText(node: u32): u32 {
  const entry = find(node)
  const start = load<u32>(entry, Located.Start)
  if (load<u32>(entry, Located.Extra) == 0) return start + 1
  const token = resolveToken(start + 1, load<u32>(entry, Located.End) - 1)
  store<u32>(entry, token, Located.Start)
  store<u32>(entry, token + madeLength + 2, Located.End)
  store<u32>(entry, 0, Located.Extra)
  return token + 1
}

/** How long it is, once `partText` was asked for. */
export function partLength(node: u32): u32 {
  const entry = find(node)
  return load<u32>(entry, Located.End) - load<u32>(entry, Located.Start) - 2
}
