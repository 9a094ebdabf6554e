/**
 * Whole numbers of any size, for the exact conversion of doubles from and to text. Each is a count of limbs and the limbs,
 * u32, least first, without leading zeros. None here needs more than 200 limbs: 800 digits times two to the 1,100th.
 */
export const BIG_BYTES: u32 = 1056

export function bigSet(a: u32, value: u64): void {
  store<u32>(a, value == 0 ? 0 : value >> 32 == 0 ? 1 : 2)
  store<u64>(a, value, 4)
}

export function bigCopy(from: u32, to: u32): void {
  memory.copy(to, from, 4 + (load<u32>(from) << 2))
}

/** a = a × factor + summand */
export function bigMultiply(a: u32, factor: u32, summand: u32 = 0): void {
  const count = load<u32>(a)
  let carry: u64 = summand
  for (let i: u32 = 1; i <= count; i++) {
    const at = a + (i << 2)
    carry += <u64>load<u32>(at) * factor
    store<u32>(at, <u32>carry)
    carry >>= 32
  }
  if (carry != 0) {
    store<u32>(a + ((count + 1) << 2), <u32>carry)
    store<u32>(a, count + 1)
  }
}

export function bigTimesPowerOfTen(a: u32, exponent: i32): void {
  for (; exponent >= 9; exponent -= 9) bigMultiply(a, 1000000000)
  let rest: u32 = 1
  for (; exponent > 0; exponent--) rest *= 10
  bigMultiply(a, rest)
}

export function bigShiftLeft(a: u32, bits: u32): void {
  const count = load<u32>(a)
  const limbs = bits >> 5
  if (count == 0) return
  memory.copy(a + 4 + (limbs << 2), a + 4, count << 2)
  memory.fill(a + 4, 0, limbs << 2)
  store<u32>(a, count + limbs)
  bigMultiply(a, (<u32>1) << (bits & 31))
}

/** to = a + b */
export function bigAdd(a: u32, b: u32, to: u32): void {
  const most = max(load<u32>(a), load<u32>(b))
  let carry: u64 = 0
  for (let i: u32 = 1; i <= most; i++) {
    if (i <= load<u32>(a)) carry += load<u32>(a + (i << 2))
    if (i <= load<u32>(b)) carry += load<u32>(b + (i << 2))
    store<u32>(to + (i << 2), <u32>carry)
    carry >>= 32
  }
  store<u32>(to, most)
  if (carry != 0) {
    store<u32>(to + ((most + 1) << 2), <u32>carry)
    store<u32>(to, most + 1)
  }
}

/** a = a - b, which is not greater. */
export function bigSubtract(a: u32, b: u32): void {
  let count = load<u32>(a)
  let borrow: i64 = 0
  for (let i: u32 = 1; i <= count; i++) {
    borrow += <i64>load<u32>(a + (i << 2))
    if (i <= load<u32>(b)) borrow -= <i64>load<u32>(b + (i << 2))
    store<u32>(a + (i << 2), <u32>borrow)
    borrow >>= 32
  }
  while (count > 0 && load<u32>(a + (count << 2)) == 0) count--
  store<u32>(a, count)
}

/** -1, 0, 1 */
export function bigCompare(a: u32, b: u32): i32 {
  const x = load<u32>(a)
  const y = load<u32>(b)
  if (x != y) return x > y ? 1 : -1
  for (let i = x; i > 0; i--) {
    const p = load<u32>(a + (i << 2))
    const q = load<u32>(b + (i << 2))
    if (p != q) return p > q ? 1 : -1
  }
  return 0
}
