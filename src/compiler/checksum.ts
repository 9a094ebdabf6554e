import { Header } from '../../assembly/abi/image.ts'

/** Writes the checksum into an image whose other bytes are final; assembly/checksum.ts says what it is. */
export function writeChecksum(words: Uint32Array): void {
  words[Header.Checksum] = 0
  words[Header.Checksum + 1] = 0
  const lanes = Int32Array.from({ length: 16 }, (_, lane) => words.length * 4 + (lane & 3))
  const take = (lane: number, word: number): void => {
    const product = Math.imul((lanes[lane] ?? 0) ^ word, 0x9e3779b1)
    lanes[lane] = (product << 13) | (product >>> 19)
  }
  const striped = words.length & ~15
  for (let i = 0; i < words.length; i++) take(i < striped ? i & 15 : i & 3, words[i] ?? 0)
  for (let i = 4; i < 16; i++) take(i & 3, lanes[i] ?? 0)
  take(0, lanes[2] ?? 0)
  take(1, lanes[3] ?? 0)
  words[Header.Checksum] = lanes[0] ?? 0
  words[Header.Checksum + 1] = lanes[1] ?? 0
}
