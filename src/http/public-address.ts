/** Addresses on the public internet, and those that are somebody's inside. */
import { addressesIn } from './peers.ts'

/**
 * What is not globally reachable by IANA's registries of special-purpose addresses (RFC 6890), multicast, and those IPv6 ranges in which
 * an IPv4 address is hidden: NAT64, 6to4, Teredo.
 */
const isSpecial = addressesIn([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/9',
  'ff00::/8',
])

const isAddress = addressesIn(['0.0.0.0/0', '::/0'])

/**
 * Whether something may be sent to an address: a public one, or one in a range that is allowed. What is no address is neither.
 *
 * @param allowed ranges such as `10.0.0.0/8`
 * @throws SallyportError `E_USAGE` for what is no range
 * @example reachable([])('169.254.169.254') // false
 */
export function reachable(allowed: readonly string[]): (address: string) => boolean {
  const isAllowed = addressesIn(allowed)
  return (address) => isAllowed(address) || (isAddress(address) && !isSpecial(address))
}
