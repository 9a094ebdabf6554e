/**
 * SHA-256 (FIPS 180-4), for the image's id. Here, because WebCrypto answers only later, and its first use takes longer than
 * getting ready does.
 */
import { Layout } from './abi/memory'

const STATE: u32 = Layout.DigestBase
const CONSTANTS: u32 = STATE + 32
const WORDS: u32 = CONSTANTS + 256
const LAST: u32 = WORDS + 256
const WINDOW: u32 = LAST + 64

/** Writes the eight words of the digest of `length` bytes from `at` on, a multiple of 16, to Layout.DigestBase. */
export function sha256(at: u32, length: u32): void {
  start()
  for (const end = at + (length & ~63); at < end; at += 64) compress(at)
  // The last block: 48 bytes at most, a one bit, zeros, the length in bits.
  memory.fill(LAST, 0, 64)
  memory.copy(LAST, at, length & 63)
  store<u8>(LAST + (length & 63), 0x80)
  store<u64>(LAST + 56, bswap<u64>(<u64>length << 3))
  compress(LAST)
}

/**
 * The words begin as the first 32 bits of the fractional parts of the square roots of the first 8 primes; the constants are
 * those of the cube roots of the first 64.
 */
function start(): void {
  let at: u32 = 0
  for (let number: u32 = 2; at < 256; number++) {
    let divisor: u32 = 2
    while (number % divisor != 0) divisor++
    if (divisor < number) continue
    const prime = <f64>number
    let root: f64 = 7
    // Newton's steps from above the largest root; even the smallest takes no more.
    for (let step = 0; step < 9; step++) root -= (root - prime / (root * root)) / 3
    store<u32>(CONSTANTS + at, fraction(root))
    if (at < 32) store<u32>(STATE + at, fraction(sqrt(prime)))
    at += 4
  }
}

function fraction(value: f64): u32 {
  return <u32>((value - floor(value)) * 4294967296)
}

function compress(block: u32): void {
  for (let i: u32 = 0; i < 64; i += 4) store<u32>(WORDS + i, bswap<u32>(load<u32>(block + i)))
  for (let at = WORDS; at < WORDS + 192; at += 4) {
    const early = load<u32>(at, 4)
    const late = load<u32>(at, 56)
    const mixed = (rotr<u32>(early, 7) ^ rotr<u32>(early, 18) ^ (early >> 3)) + (rotr<u32>(late, 17) ^ rotr<u32>(late, 19) ^ (late >> 10))
    store<u32>(at, load<u32>(at) + load<u32>(at, 36) + mixed, 64)
  }
  // Eight words in a window that moves down a word with each round: what was d is e then.
  let at = WINDOW + 256
  memory.copy(at, STATE, 32)
  for (let i: u32 = 0; i < 256; i += 4) {
    const a = load<u32>(at)
    const b = load<u32>(at, 4)
    const e = load<u32>(at, 16)
    const g = load<u32>(at, 24)
    const choice = (rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25)) + (g ^ (e & (load<u32>(at, 20) ^ g)))
    const majority = (rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22)) + ((a & b) ^ (load<u32>(at, 8) & (a ^ b)))
    const next = load<u32>(at, 28) + choice + load<u32>(CONSTANTS + i) + load<u32>(WORDS + i)
    store<u32>(at, load<u32>(at, 12) + next, 12)
    at -= 4
    store<u32>(at, next + majority)
  }
  for (let i: u32 = 0; i < 32; i += 4) store<u32>(STATE + i, load<u32>(STATE + i) + load<u32>(at + i))
}
