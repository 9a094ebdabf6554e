/** The hash of the image's tables: xor-rotate-multiply per key (as in FxHash), then a mix. assembly/hash.ts has the same. */
export function hashKeys(keys: readonly number[]): number {
  let hash = 0
  for (const key of keys) {
    const mixed = hash ^ key
    hash = Math.imul((mixed << 15) | (mixed >>> 17), 0x9e3779b1)
  }
  return (hash ^ (hash >>> 15)) >>> 0
}

/** Slots of an open-addressed table for `entries`: a power of two, at most five eighths full, so never quite full. */
export function tableSize(entries: number): number {
  let size = 1
  while (size * 5 < (entries + 1) * 8) size *= 2
  return size
}
