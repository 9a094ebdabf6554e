/** ip_in_cidr against ipaddr.js: what is an address, and in which ranges it lies. */
import { isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { expect, test } from 'vitest'
import { createTester, type Truth } from './support.ts'

/** Sparse bytes, so that addresses and ranges meet. */
const byte = fc.constantFrom(0, 0, 0, 1, 10, 127, 128, 192, 254, 255)
const v4 = fc.array(byte, { minLength: 4, maxLength: 4 }).map((bytes) => bytes.join('.'))
const group = fc.constantFrom('0', '0', '0', '0000', '1', 'ff', 'fe80', '2001', 'db8', 'DB8', 'ffff', '0a01')
const groups = fc.array(group, { minLength: 8, maxLength: 8 })
const compressed = fc
  .tuple(groups, fc.nat({ max: 7 }), fc.nat({ max: 8 }))
  .map(
    ([all, from, length]) => `${all.slice(0, from).join(':')}::${all.slice(Math.min(8, from + length + 1)).join(':')}`,
  )
const v6 = fc.oneof(
  groups.map((all) => all.join(':')),
  compressed,
  v4.map((quad) => `::ffff:${quad}`),
  v4.map((quad) => `0:0:0:0:0:FFFF:${quad}`),
  v4.map((quad) => `64:ff9b::${quad}`),
  v4.map((quad) => `::${quad}`),
  fc.constantFrom(
    '::',
    '::1',
    '::ffff:0:0',
    '::ffff:7f00:1',
    '::fffe:1.2.3.4',
    '1::',
    '::1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7::',
  ),
)
const address = fc.oneof(v4, v6)

/** One or two characters changed, put in or left out: mostly no address any more. */
const malformed = fc
  .tuple(
    address,
    fc.array(fc.tuple(fc.nat(), fc.constantFrom('', '.', ':', '::', '0', '256', 'g', '/', '%', ' ', 'f', '\u0660')), {
      minLength: 1,
      maxLength: 2,
    }),
  )
  .map(([text, changes]) =>
    changes.reduce((now, [at, put]) => {
      const place = at % (now.length + 1)
      return now.slice(0, place) + put + now.slice(place + (at % 2))
    }, text),
  )

/** A range without host bits, as text. */
const range = fc.tuple(address, fc.nat()).map(([text, size]) => {
  const parsed = parse(text) ?? ipaddr.parse('::')
  const bits = size % (parsed.toByteArray().length * 8 + 1)
  const network =
    parsed instanceof ipaddr.IPv4 ? ipaddr.IPv4.networkAddressFromCIDR(`${parsed}/${bits}`) : networkOf(parsed, bits)
  return `${network.toString()}/${bits}`
})

function networkOf(parsed: ipaddr.IPv4 | ipaddr.IPv6, bits: number): ipaddr.IPv4 | ipaddr.IPv6 {
  return ipaddr.fromByteArray(
    parsed.toByteArray().map((byte, i) => byte & (0xff << Math.min(8, Math.max(0, (i + 1) * 8 - bits)))),
  )
}

/** A zone is no part of an address; leading zeros and short forms are read in different ways, so they are none. */
function parse(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (isIPv4(text)) return ipaddr.process(text)
  if (!isIPv6(text) || text.includes('%')) return undefined
  // Through a URL, which writes dotted quads as groups: ipaddr.js takes `::1.2.3.4` for `::ffff:1.2.3.4`.
  return ipaddr.process(new URL(`http://[${text}]/`).hostname.slice(1, -1))
}

function expected(text: string, range: string): Truth {
  const found = parse(text)
  if (found === undefined) return 'n.e.'
  const [address = '', prefix = ''] = range.split('/')
  const network = ipaddr.parse(address)
  const mapped = network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress() && Number(prefix) >= 96
  const base = mapped ? network.toIPv4Address() : network
  const bits = mapped ? Number(prefix) - 96 : Number(prefix)
  return base.kind() === found.kind() && found.match(base, bits)
}

test('random addresses and texts like them, in random ranges', async () => {
  const ranges = fc.sample(range, { numRuns: 300, seed: 7 })
  const ask = await createTester(ranges.map((one) => ({ ip_in_cidr: one })))
  const counts = new Map<Truth, number>()
  const check = (text: string): void => {
    const truths = ranges.map((one) => expected(text, one))
    expect(ask(text), text).toEqual(truths)
    for (const truth of truths) counts.set(truth, (counts.get(truth) ?? 0) + 1)
  }
  fc.assert(fc.property(address, check), { numRuns: 700 })
  fc.assert(fc.property(malformed, check), { numRuns: 700 })
  for (const truth of [true, false, 'n.e.'] as const) expect(counts.get(truth), String(truth)).toBeGreaterThan(5000)
})

test('a list of ranges: one of them is enough', async () => {
  const ask = await createTester([{ ip_in_cidr: ['10.0.0.0/8', 'fe80::/10', '::ffff:192.168.0.0/112'] }])
  for (const text of ['10.255.0.1', 'fe80::1', 'febf::', '192.168.3.4', '::ffff:10.0.0.1'])
    expect(ask(text), text).toEqual([true])
  for (const text of ['11.0.0.1', 'fec0::', '192.169.0.0', '::10.0.0.1']) expect(ask(text), text).toEqual([false])
  for (const text of ['10.0.0.1/32', '', '::1%lo', 5, null, ['10.0.0.1']])
    expect(ask(text), String(text)).toEqual(['n.e.'])
})

test('an address of IPv6 that ends like one of IPv4 is none of IPv4', async () => {
  const ask = await createTester([
    { ip_in_cidr: '::10.0.0.0/104' },
    { ip_in_cidr: '10.0.0.0/8' },
    { ip_in_cidr: '::ffff:10.0.0.0/104' },
  ])
  expect(ask('::10.1.2.3')).toEqual([true, false, false])
  expect(ask('::a01:203')).toEqual([true, false, false])
  expect(ask('10.1.2.3')).toEqual([false, true, true])
  expect(ask('::ffff:10.1.2.3')).toEqual([false, true, true])
})
