import { describe, expect, it } from 'vitest'
import { parseCidr } from '../../../src/policy/cidr.ts'
import { parseTime } from '../../../src/text/time.ts'

describe('parseCidr', () => {
  it.each<[string, number[], number]>([
    ['10.0.0.0/8', [10, 0, 0, 0], 8],
    ['0.0.0.0/0', [0, 0, 0, 0], 0],
    ['192.168.1.128/25', [192, 168, 1, 128], 25],
    ['1.2.3.4', [1, 2, 3, 4], 32],
    ['2001:db8::/32', [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 32],
    ['::/0', Array(16).fill(0), 0],
    ['::1', [...Array(15).fill(0), 1], 128],
    ['::ffff:10.0.0.0/104', [10, 0, 0, 0], 8],
    ['::ffff:0:0/96', [0, 0, 0, 0], 0],
  ])('%s', (text, bytes, bits) => {
    expect(parseCidr(text)).toEqual({ bytes, bits })
  })

  it.each([
    ['', 'is not an address range'],
    ['10.0.0/8', 'is not an address range'],
    ['10/8', 'is not an address range'],
    ['0x0a.0.0.0/8', 'is not an address range'],
    ['256.0.0.0/8', 'is not an address range'],
    ['fe80::1%eth0/64', 'is not an address range'],
    ['10.0.0.0/', 'is not an address range'],
    [' 10.0.0.0/8', 'is not an address range'],
    ['1:2', 'is not an address range'],
    ['10.0.0.0/33', '/33 is too long a prefix'],
    ['::/129', '/129 is too long a prefix'],
    ['10.0.0.1/8', 'has bits set beyond its prefix'],
    ['2001:db8::1/64', 'has bits set beyond its prefix'],
  ])('refuses %s', (text, message) => {
    expect(() => parseCidr(text)).toThrow(message)
  })
})

describe('parseTime', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2026-01-01T01:00:00+01:00', 1767225600000],
    ['2025-12-31t23:30:00.5-00:30', 1767225600500],
    ['2024-02-29T00:00:00z', 1709164800000],
    ['0001-01-01T00:00:00Z', -62135596800000],
    ['2026-01-01T00:00:00.123456Z', 1767225600123.456],
  ])('%s', (text, time) => {
    expect(parseTime(text)).toBe(time)
  })

  it.each([
    '',
    '2026-01-01',
    '2026-01-01 00:00:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T23:59:60Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00.Z',
    '２０２６-01-01T00:00:00Z',
  ])('refuses %s', (text) => {
    expect(parseTime(text)).toBeUndefined()
  })
})
