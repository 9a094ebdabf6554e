/** Every operator of the table "Operators" of docs/policy-reference.md, in its order. */
import { isIPv4, isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'
import semver from 'semver'
import { covers } from './patterns.ts'
import { toRegExp } from './regex.ts'
import { all, any, equal, isAmong, isList, isText, isUsable, kindOf, not, order, type Truth } from './values.ts'

/** `a` is the attribute's value, `b` the operand's. The quantifiers are in conditions.ts. */
export function test(operator: string, a: unknown, b: unknown): Truth {
  if (operator === 'exists') return exists(a, b)
  // "A test of a missing or invalid attribute is not evaluable, except `exists`"; an operand may be an attribute too.
  if (!isUsable(a) || !isUsable(b)) return 'n.e.'
  switch (operator) {
    case 'eq':
      return equal(a, b)
    case 'neq':
      return not(equal(a, b))
    case 'in':
      return isList(b) ? isAmong(a, b) : 'n.e.'
    case 'not_in':
      return not(test('in', a, b))
    case 'gt':
      return ordered(a, b, (sign) => sign > 0)
    case 'gte':
      return ordered(a, b, (sign) => sign >= 0)
    case 'lt':
      return ordered(a, b, (sign) => sign < 0)
    case 'lte':
      return ordered(a, b, (sign) => sign <= 0)
    case 'contains':
      if (isList(a)) return isAmong(b, a)
      return isText(a) && isText(b) ? a.includes(b) : 'n.e.'
    case 'not_contains':
      return not(test('contains', a, b))
    case 'contains_any':
      return isList(a) && isList(b) ? any(Array.from(b, (item) => isAmong(item, a))) : 'n.e.'
    case 'contains_all':
      return isList(a) && isList(b) ? all(Array.from(b, (item) => isAmong(item, a))) : 'n.e.'
    case 'is_subset':
      return isList(a) && isList(b) ? all(Array.from(a, (item) => isAmong(item, b))) : 'n.e.'
    case 'starts_with':
      return isText(a) && isText(b) ? a.startsWith(b) : 'n.e.'
    case 'ends_with':
      return isText(a) && isText(b) ? a.endsWith(b) : 'n.e.'
    case 'glob':
      return isText(a) ? covers(String(b), a) : 'n.e.'
    case 'regex':
      return isText(a) ? toRegExp(String(b)).test(a) : 'n.e.'
    case 'not_regex':
      return not(test('regex', a, b))
    case 'ip_in_cidr':
      return inRanges(a, isList(b) ? b.map(String) : [String(b)])
    case 'semver_eq':
      return versions(a, b, (sign) => sign === 0)
    case 'semver_gt':
      return versions(a, b, (sign) => sign > 0)
    case 'semver_gte':
      return versions(a, b, (sign) => sign >= 0)
    case 'semver_lt':
      return versions(a, b, (sign) => sign < 0)
    case 'semver_lte':
      return versions(a, b, (sign) => sign <= 0)
    default:
      throw new Error(`unknown operator ${operator}`)
  }
}

/** "`true`: `a` is not missing (null exists); `false`: it is missing"; not evaluable when `a` is invalid. */
function exists(a: unknown, wanted: unknown): Truth {
  return kindOf(a) === 'invalid' ? 'n.e.' : (kindOf(a) !== 'missing') === wanted
}

function ordered(a: unknown, b: unknown, holds: (sign: number) => boolean): Truth {
  const sign = order(a, b)
  return sign === undefined ? 'n.e.' : holds(sign)
}

function inRanges(a: unknown, ranges: readonly string[]): Truth {
  const address = isText(a) ? parseAddress(a) : undefined
  if (address === undefined) return 'n.e.'
  return ranges.some((range) => {
    const { network, bits } = parseRange(range)
    return network.kind() === address.kind() && address.match(network, bits)
  })
}

/** "an IPv4-mapped IPv6 address counts as IPv4". A zone, as in fe80::1%eth0, is not part of an address. */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  return isIPv4(text) || (isIPv6(text) && !text.includes('%')) ? ipaddr.process(readable(text)) : undefined
}

/** `::1.2.3.4` with a zero group more: without it ipaddr.js reads `::ffff:1.2.3.4`, which is another address. */
function readable(text: string): string {
  return /^::[0-9]+(\.[0-9]+){3}$/.test(text) ? `0:0:0:0:0:0:${text.slice(2)}` : text
}

/** An address alone is a range of one; a range of IPv4-mapped addresses is one of IPv4. */
function parseRange(text: string): { readonly network: ipaddr.IPv4 | ipaddr.IPv6; readonly bits: number } {
  const [address = '', prefix] = text.split('/')
  const network = ipaddr.parse(readable(address))
  const size = network.toByteArray().length * 8
  const bits = prefix === undefined ? size : Number(prefix)
  if (network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress() && bits >= 96) {
    return { network: network.toIPv4Address(), bits: bits - 96 }
  }
  return { network, bits }
}

/**
 * The grammar of semver.org; node-semver alone would also take "v1.2.3" and spaces around a version. It refuses numbers
 * beyond 2^53 - 1 and more than 256 characters, which the reference page does not mention: such a text counts as none.
 */
const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/

function versions(a: unknown, b: unknown, holds: (sign: number) => boolean): Truth {
  return isText(a) && SEMVER.test(a) && semver.valid(a) !== null ? holds(semver.compare(a, String(b))) : 'n.e.'
}
