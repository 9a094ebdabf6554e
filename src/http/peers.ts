/** Lists of addresses and ranges of addresses: which peers are meant. */

import { SallyportError } from '../errors.ts'
import { parseCidr } from '../policy/cidr.ts'
import type { CidrRange } from '../policy/model.ts'
import { Refusal } from '../policy/refusal.ts'

/**
 * Whether an address lies in one of the ranges. IPv4 addresses inside IPv6 count as IPv4, as sockets for both give them; what is no
 * address lies in none.
 *
 * @throws SallyportError `E_USAGE` for what is no range
 * @example const isProxy = addressesIn(['10.0.0.0/8', '::1']); isProxy('10.1.2.3') // true
 */
export function addressesIn(ranges: readonly string[]): (address: string) => boolean {
  const parsed = ranges.map((text) => {
    const range = rangeOf(text)
    if (range === undefined)
      throw new SallyportError('E_USAGE', `${JSON.stringify(text)} is no range such as 10.0.0.0/8`)
    return range
  })
  return (address) => {
    const one = rangeOf(address)
    return one !== undefined && parsed.some((range) => contains(range, one))
  }
}

function rangeOf(text: string): CidrRange | undefined {
  try {
    return parseCidr(text)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

function contains(range: CidrRange, address: CidrRange): boolean {
  if (range.bytes.length !== address.bytes.length || address.bits < range.bits) return false
  return range.bytes.every((byte, i) => {
    const mask = 0xff & (0xff << Math.min(8, Math.max(0, (i + 1) * 8 - range.bits)))
    return ((byte ^ (address.bytes[i] ?? 0)) & mask) === 0
  })
}
