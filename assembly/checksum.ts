/**
 * The image's checksum: two 32-bit multiply-rotate hashes, over the even and the odd words, the checksum field counted
 * as zero. Every step is a bijection of the state, so two images that differ in one word always differ in the checksum.
 * It finds damage; it is no protection against somebody who makes an image on purpose (that is what signatures are for).
 * src/compiler/checksum.ts computes the same.
 */
import { Header } from './abi/image'

export function checksumHolds(image: u32, length: u32): bool {
  let even: u32 = length
  let odd: u32 = ~length
  for (let at: u32 = 0; at < length; at += 8) {
    if (at == Header.Checksum << 2) continue
    even = rotl<u32>((even ^ load<u32>(image + at)) * 0x9e3779b1, 13)
    odd = rotl<u32>((odd ^ load<u32>(image + at, 4)) * 0x85ebca77, 17)
  }
  const field = image + (Header.Checksum << 2)
  return load<u32>(field) == even && load<u32>(field, 4) == odd
}
