/** The hash of strings: eight bytes at a time, as texts are short. It only has to tell strings apart, see json-strings.ts. */

/** Reads up to seven bytes past the end, which nothing depends on. */
export function hashText(start: u32, length: u32): u32 {
  let hash = <u64>length * 0x9e3779b97f4a7c15
  let at = start
  let left = length
  for (; left >= 8; left -= 8, at += 8) hash = rotl<u64>((hash ^ load<u64>(at)) * 0xff51afd7ed558ccd, 31)
  if (left != 0) hash = (hash ^ (load<u64>(at) & (((<u64>1) << (left << 3)) - 1))) * 0xff51afd7ed558ccd
  return <u32>(((hash ^ (hash >> 32)) * 0xc4ceb9fe1a85ec53) >> 32)
}
