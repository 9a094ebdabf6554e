/** Positive doubles taken apart: mantissa × 2^power, both whole (IEEE 754, binary64). */

// @ts-ignore: decorator
@inline
function fieldOf(bits: u64): i32 {
  return <i32>(bits >> 52)
}

// @ts-ignore: decorator
@inline
function fractionOf(bits: u64): u64 {
  return bits & 0xfffffffffffff
}

export function mantissaOf(bits: u64): u64 {
  return fieldOf(bits) == 0 ? fractionOf(bits) : fractionOf(bits) | 0x10000000000000
}

export function powerOf(bits: u64): i32 {
  return max(fieldOf(bits), 1) - 1075
}

/** Whether the neighbour below is half as far as the one above: the double is a power of two, and not the least normal one. */
export function isNearBelow(bits: u64): bool {
  return fractionOf(bits) == 0 && fieldOf(bits) > 1
}

/** An estimate of how many digits mantissa × 2^power has before the point, from its leading bit: at most one too small. */
export function estimateDigits(mantissa: u64, power: i32): i32 {
  return <i32>ceil(<f64>(63 - <i32>clz(mantissa) + power) * 0.30102999566398119521 - 1e-10)
}
