/** The hash of the image's tables: xor-rotate-multiply per key (as in FxHash), then a mix. src/compiler/hash.ts has the same. */

// @ts-ignore: decorator
@inline
export function mix(hash: u32, key: u32): u32 {
  return rotl<u32>(hash ^ key, 15) * 0x9e3779b1
}

// @ts-ignore: decorator
@inline
export function finish(hash: u32): u32 {
  return hash ^ (hash >>> 15)
}
