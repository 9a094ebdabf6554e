import { Header } from '../../assembly/abi/image.ts'

/** Writes the checksum into an image whose other bytes are final; assembly/checksum.ts says what it is. */
export function writeChecksum(words: Uint32Array): void {
  let even = words.length * 4
  let odd = ~even
  for (let i = 0; i < words.length; i += 2) {
    if (i === Header.Checksum) continue
    even = rotate(Math.imul(even ^ (words[i] ?? 0), 0x9e3779b1), 13)
    odd = rotate(Math.imul(odd ^ (words[i + 1] ?? 0), 0x85ebca77), 17)
  }
  words[Header.Checksum] = even
  words[Header.Checksum + 1] = odd
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}
