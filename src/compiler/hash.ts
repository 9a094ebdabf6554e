/** The hash of the image's tables, of at most six keys, with a sign; assembly/hash.ts explains it and has the same. */
export function hashKeys(keys: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < keys.length; i++) sum = (sum + Math.imul(keys[i] as number, MULTIPLIERS[i] as number)) | 0
  const mixed = Math.imul(sum ^ (sum >>> 15), 0x85ebca6b)
  return mixed ^ (mixed >>> 13)
}

/** Which of `count` groups a hash leads to: the upper half of their product, by parts that a double holds exactly. */
export function groupOf(hash: number, count: number): number {
  const low = Math.floor(((hash & 0xffff) * count) / 0x10000)
  return Math.floor(((hash >>> 16) * count + low) / 0x10000)
}

const MULTIPLIERS = new Int32Array([0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1, 0xcc9e2d51])

/** Slots of an open-addressed table for `entries`: a power of two, at most five eighths full, so never quite full. */
export function tableSize(entries: number): number {
  let size = 1
  while (size * 5 < (entries + 1) * 8) size *= 2
  return size
}
