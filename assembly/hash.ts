/**
 * The hash of the image's tables. Keys are multiplied by odd constants and added, so that the products do not wait for
 * one another; the end is the finaliser of MurmurHash3, shortened. src/compiler/hash.ts has the same.
 */

/** Odd constants with well-spread bits: 2^32 divided by the golden ratio, and those of xxHash32 and MurmurHash3. */
// @ts-ignore: decorator
@inline
export function product0(key: u32): u32 {
  return key * 0x9e3779b1
}

// @ts-ignore: decorator
@inline
export function product1(key: u32): u32 {
  return key * 0x85ebca77
}

// @ts-ignore: decorator
@inline
export function product2(key: u32): u32 {
  return key * 0xc2b2ae3d
}

// @ts-ignore: decorator
@inline
export function product3(key: u32): u32 {
  return key * 0x27d4eb2f
}

// @ts-ignore: decorator
@inline
export function product4(key: u32): u32 {
  return key * 0x165667b1
}

// @ts-ignore: decorator
@inline
export function product5(key: u32): u32 {
  return key * 0xcc9e2d51
}

// @ts-ignore: decorator
@inline
export function finish(sum: u32): u32 {
  const mixed = (sum ^ (sum >>> 15)) * 0x85ebca6b
  return mixed ^ (mixed >>> 13)
}
