/** Canonical JSON: RFC 8785, and what has a text beside it. */
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../../src/guard/canonical.ts'
import { canonicalText } from '../../../src/text/canonical.ts'

describe('one text for one value', () => {
  test('does not depend on the order of the names, and does on everything else', () => {
    expect(canonicalText({ b: { d: 1, c: [2, { f: 1, e: 2 }] }, a: null })).toBe(
      '{"a":null,"b":{"c":[2,{"e":2,"f":1}],"d":1}}',
    )
    expect(canonicalText([1, 2])).not.toBe(canonicalText([2, 1]))
    expect(canonicalText(JSON.parse('{"b":1,"__proto__":{"x":1}}'))).toBe('{"__proto__":{"x":1},"b":1}')
  })

  test('the examples of RFC 8785, sections 3.2.2 and 3.2.3', () => {
    const first = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, Number('0.000000000000000000000000001')],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    }
    expect(canonicalText(first)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
    const names = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 }
    const order = [...canonicalText(names).matchAll(/:(\d)/g)].map(([, number]) => Number(number))
    expect(order).toEqual([2, 4, 6, 7, 1, 5, 3])
  })

  test('names like indexes stand where their letters put them', () => {
    expect(canonicalText({ 9: 'a', 10: 'b', 1: 'c', x: 'd' })).toBe('{"1":"c","10":"b","9":"a","x":"d"}')
  })

  test('is that of the library by an author of the RFC, for whatever it takes', () => {
    const name = fc.oneof(fc.string({ unit: 'binary' }), fc.integer().map(String), fc.constant('__proto__'))
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.string({ unit: 'binary' }),
        fc.constantFrom(null, true, false),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }).map((members) => Object.fromEntries(members)),
      ),
    }))
    fc.assert(
      fc.property(value, (one) => {
        expect(canonicalText(one)).toBe(canonicalize(one))
        expect(canonicalJson(one)).toBe(canonicalize(one))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('what JSON does not have', () => {
  test('is left out, or null in a list', () => {
    expect(canonicalText({ a: undefined, b: [undefined, () => 1], c: Number.NaN })).toBe('{"b":[null,null],"c":null}')
  })

  test.each([undefined, 1n, () => 1, { a: 1n }])('%s throws', (value) => {
    expect(() => canonicalText(value)).toThrow(TypeError)
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'E_REQUEST' }))
  })

  test('what holds itself throws', () => {
    const ring: { self?: unknown } = {}
    ring.self = ring
    expect(() => canonicalText(ring)).toThrow(TypeError)
    expect(() => canonicalJson(ring)).toThrow(expect.objectContaining({ code: 'E_REQUEST' }))
  })

  test.each([['\ud800'], [{ '\udfff': 1 }], [[{ a: 'x\udc00' }]]])(
    'halves of surrogate pairs have a text, and no digest: %j',
    (value) => {
      expect(canonicalText(value)).toMatch(/\\u(?:d800|dfff|dc00)/)
      expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'E_REQUEST' }))
    },
  )
})
