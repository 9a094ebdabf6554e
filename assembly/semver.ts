/** Versions by Semantic Versioning 2.0.0 (semver.org): the grammar of section "BNF", the order of section 11. */

/** Ends of the three numbers, of the pre-release and of the version, as addresses; one set per side. */
const PARTS: u32 = 544

/** Byte classes. */
function isDigit(byte: u32): bool {
  return byte - 0x30 < 10
}

function isIdentifier(byte: u32): bool {
  return isDigit(byte) || (byte | 0x20) - 0x61 < 26 || byte == 0x2d
}

/** End of a number without leading zeros at `at`, or 0. */
function numberEnd(at: u32, end: u32): u32 {
  const start = at
  while (at < end && isDigit(load<u8>(at))) at++
  return at == start || (at - start > 1 && load<u8>(start) == 0x30) ? 0 : at
}

/** End of dot-separated identifiers at `at`, or 0; numeric ones may not have leading zeros in a pre-release. */
function identifiersEnd(at: u32, end: u32, prerelease: bool): u32 {
  while (true) {
    const start = at
    let numeric = true
    while (at < end && isIdentifier(load<u8>(at))) {
      if (!isDigit(load<u8>(at))) numeric = false
      at++
    }
    if (at == start) return 0
    if (prerelease && numeric && at - start > 1 && load<u8>(start) == 0x30) return 0
    if (at == end || load<u8>(at) != 0x2e) return at
    at++
  }
}

/** Checks the version and writes its parts to `parts`: start, ends of three numbers, end of the pre-release. */
function parse(text: u32, length: u32, parts: u32): bool {
  // 256 is the length that node-semver refuses too; a longer one is no version.
  if (length > 256) return false
  const end = text + length
  let at = text
  store<u32>(parts, text)
  for (let i: u32 = 1; i <= 3; i++) {
    at = numberEnd(at, end)
    if (at == 0) return false
    // Numbers above 2^53 - 1 are refused there too: 16 digits at most.
    if (tooLarge(load<u32>(parts + ((i - 1) << 2)) + (i > 1 ? 1 : 0), at)) return false
    store<u32>(parts + (i << 2), at)
    if (i < 3) {
      if (at >= end || load<u8>(at) != 0x2e) return false
      at++
    }
  }
  if (at < end && load<u8>(at) == 0x2d) {
    at = identifiersEnd(at + 1, end, true)
    if (at == 0) return false
  }
  store<u32>(parts + 16, at)
  if (at < end && load<u8>(at) == 0x2b) {
    at = identifiersEnd(at + 1, end, false)
    if (at == 0) return false
  }
  return at == end
}

function tooLarge(start: u32, end: u32): bool {
  if (end - start != 16) return end - start > 16
  let value: u64 = 0
  for (let at = start; at < end; at++) value = value * 10 + (load<u8>(at) - 0x30)
  return value > 9007199254740991
}

/** Numbers without leading zeros: the longer is the greater, equal lengths compare as text. */
function compareNumbers(a: u32, aEnd: u32, b: u32, bEnd: u32): i32 {
  if (aEnd - a != bEnd - b) return aEnd - a < bEnd - b ? -1 : 1
  return compareBytes(a, aEnd, b, bEnd)
}

function compareBytes(a: u32, aEnd: u32, b: u32, bEnd: u32): i32 {
  while (a < aEnd && b < bEnd) {
    const difference = <i32>load<u8>(a) - <i32>load<u8>(b)
    if (difference != 0) return difference
    a++
    b++
  }
  return a < aEnd ? 1 : b < bEnd ? -1 : 0
}

function identifierEnd(at: u32, end: u32): u32 {
  while (at < end && load<u8>(at) != 0x2e) at++
  return at
}

function isNumeric(at: u32, end: u32): bool {
  for (; at < end; at++) if (!isDigit(load<u8>(at))) return false
  return true
}

function comparePrereleases(a: u32, aEnd: u32, b: u32, bEnd: u32): i32 {
  // A version without a pre-release is after one with it.
  if (a >= aEnd || b >= bEnd) return <i32>(a >= aEnd) - <i32>(b >= bEnd)
  a++
  b++
  while (true) {
    const aNext = identifierEnd(a, aEnd)
    const bNext = identifierEnd(b, bEnd)
    const aNumeric = isNumeric(a, aNext)
    const bNumeric = isNumeric(b, bNext)
    const difference =
      aNumeric && bNumeric
        ? compareNumbers(a, aNext, b, bNext)
        : aNumeric != bNumeric
          ? aNumeric
            ? -1
            : 1
          : compareBytes(a, aNext, b, bNext)
    if (difference != 0) return difference
    if (aNext >= aEnd || bNext >= bEnd) return <i32>(aNext < aEnd) - <i32>(bNext < bEnd)
    a = aNext + 1
    b = bNext + 1
  }
}

export const NOT_A_VERSION: i32 = i32.MIN_VALUE

/** The precedence of two versions: negative, zero or positive; NOT_A_VERSION when either is none. */
export function compareVersions(a: u32, aLength: u32, b: u32, bLength: u32): i32 {
  const x: u32 = PARTS
  const y: u32 = PARTS + 32
  if (!parse(a, aLength, x) || !parse(b, bLength, y)) return NOT_A_VERSION
  for (let i: u32 = 0; i < 3; i++) {
    const skip: u32 = i == 0 ? 0 : 1
    const difference = compareNumbers(
      load<u32>(x + (i << 2)) + skip,
      load<u32>(x + (i << 2), 4),
      load<u32>(y + (i << 2)) + skip,
      load<u32>(y + (i << 2), 4),
    )
    if (difference != 0) return difference
  }
  return comparePrereleases(load<u32>(x, 12), load<u32>(x, 16), load<u32>(y, 12), load<u32>(y, 16))
}
