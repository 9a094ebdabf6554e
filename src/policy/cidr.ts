/** Address ranges: `10.0.0.0/8`, `2001:db8::/32`, or one address. */
import ipaddr from 'ipaddr.js'
import type { CidrRange } from './model.ts'
import { Refusal } from './refusal.ts'

/**
 * Parses a range, strictly: four decimal parts for IPv4, no zone, no host bits. An address alone is the range of one.
 *
 * @throws Refusal
 * @example parseCidr('10.0.0.0/8') // { bytes: [10, 0, 0, 0], bits: 8 }
 */
export function parseCidr(text: string): CidrRange {
  const [, written = '', prefix] = /^([0-9A-Fa-f:.]+)(?:\/([0-9]+))?$/.exec(text) ?? []
  const address = withoutShortQuad(written)
  const v4 = ipaddr.IPv4.isValidFourPartDecimal(address)
  if (!v4 && !(address.includes(':') && ipaddr.IPv6.isValid(address))) {
    throw new Refusal(
      `${JSON.stringify(text)} is not an address range`,
      'write, for example, 10.0.0.0/8 or 2001:db8::/32',
    )
  }
  const parsed = v4 ? ipaddr.IPv4.parse(address) : ipaddr.IPv6.parse(address)
  const bytes = parsed.toByteArray()
  const size = bytes.length * 8
  const bits = prefix === undefined ? size : Number(prefix)
  if (bits > size) throw new Refusal(`/${prefix} is too long a prefix`, `${v4 ? 'IPv4' : 'IPv6'} has ${size} bits`)
  const network = bytes.map((byte, i) => byte & (0xff << Math.min(8, Math.max(0, (i + 1) * 8 - bits))))
  if (network.some((byte, i) => byte !== bytes[i])) {
    const base = v4 ? new ipaddr.IPv4(network) : ipaddr.fromByteArray(network)
    throw new Refusal(`${JSON.stringify(text)} has bits set beyond its prefix`, `write ${base.toString()}/${bits}`)
  }
  return mapped(bytes, bits) ?? { bytes, bits }
}

/**
 * Checks an address, as `ipaddress(…)` in expressions takes it.
 *
 * @throws Refusal
 */
export function checkAddress(text: string): void {
  if (isAddress(text)) return
  const range = text.includes('/') && isAddress(text.slice(0, text.indexOf('/')))
  const advice = range ? 'leave the prefix out; in_cidr takes a range' : 'write, for example, 10.0.0.1 or 2001:db8::1'
  throw new Refusal(`${JSON.stringify(text)} is not an address`, advice)
}

/**
 * Checks a range, as `in_cidr` in expressions takes it: with a prefix, and, as in OpenFGA and SpiceDB, maybe with bits beyond.
 *
 * @throws Refusal
 */
export function checkRange(text: string): void {
  const [, address = '', prefix] = /^([^/]*)(?:\/(0|[1-9][0-9]{0,2}))?$/.exec(text) ?? []
  if (!isAddress(address)) {
    const advice = 'write, for example, 10.0.0.0/8 or 2001:db8::/32'
    throw new Refusal(`${JSON.stringify(text)} is not an address range`, advice)
  }
  const size = address.includes(':') ? 128 : 32
  if (prefix === undefined) {
    const replacement = `${address}/${size}`
    const advice = { advice: `write ${JSON.stringify(replacement)}`, word: text, replacement }
    throw new Refusal(`the range ${JSON.stringify(text)} has no prefix`, advice)
  }
  if (Number(prefix) > size) throw new Refusal(`/${prefix} is too long a prefix`, `the address has ${size} bits`)
}

function isAddress(text: string): boolean {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return true
  return text.includes(':') && /^[0-9A-Fa-f:.]+$/.test(text) && ipaddr.IPv6.isValid(text)
}

/** ipaddr.js reads `::1.2.3.4` as `::ffff:1.2.3.4`; by RFC 4291, section 2.5.5.1, it is an IPv6 address of its own. */
function withoutShortQuad(address: string): string {
  const quad = address.startsWith('::') ? address.slice(2) : ''
  if (!ipaddr.IPv4.isValidFourPartDecimal(quad)) return address
  const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv4.parse(quad).toByteArray()
  return `::${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
}

/** IPv4-mapped addresses count as IPv4 (RFC 4291, section 2.5.5.2), so a range of them is one of IPv4. */
function mapped(bytes: readonly number[], bits: number): CidrRange | undefined {
  const isMapped = bytes.length === 16 && bits >= 96 && bytes.slice(0, 10).every((b) => b === 0) && bytes[10] === 0xff
  return isMapped && bytes[11] === 0xff ? { bytes: bytes.slice(12), bits: bits - 96 } : undefined
}
