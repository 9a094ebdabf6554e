import { Header } from '../../assembly/abi/image.ts'

const LANES = 16

/** Writes the checksum into an image whose other bytes are final; assembly/checksum.ts says what it is. */
export function writeChecksum(words: Uint32Array | Int32Array): void {
  words[Header.Checksum] = 0
  words[Header.Checksum + 1] = 0
  const lanes = Int32Array.from({ length: LANES }, (_, lane) => words.length * 4 + (lane & 3))
  const striped = words.length & -LANES
  for (let i = 0; i < striped; i++) lanes[i & 15] = absorb(lanes[i & 15]!, words[i]!)
  for (let i = striped; i < words.length; i++) lanes[i & 3] = absorb(lanes[i & 3]!, words[i]!)
  for (let i = 4; i < LANES; i++) lanes[i & 3] = absorb(lanes[i & 3]!, lanes[i]!)
  words[Header.Checksum] = absorb(lanes[0]!, lanes[2]!)
  words[Header.Checksum + 1] = absorb(lanes[1]!, lanes[3]!)
}

function absorb(state: number, word: number): number {
  const product = Math.imul(state ^ word, 0x9e3779b1)
  return (product << 13) | (product >>> 19)
}
