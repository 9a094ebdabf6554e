import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePolicies } from '../../../src/policy/index.ts'

const text = `version: 1
tenant: acme
actions: [read, "travel:book"]
roles: { admin: [editor], editor: [viewer] }
entities: { subjects: [{ type: user, id: alice, roles: [admin], properties: { zone: 1.5 } }] }
rules:
  - id: a
    allow: [read, "travel:{book,[!x]*}"]
    on: { type: record, id: "?*" }
    to: { role: editor }
    when: &w
      any:
        - context["x.y"][0].z: { gt: 100, lte: { ref: now }, otherwise: false }
        - not: { resource.a: { regex: "^(a|b+)[^\\\\d]{2,3}$", ip_in_cidr: [10.0.0.0/8, "::1"] } }
        - context.list: { any_matches: { item.x: { semver_gt: 1.2.3 } } }
    obligations: [{ id: log, level: [1, { deep: null }] }]
  - { id: b, deny: "*", unless: *w, priority: -5 }
sets: { s: { algorithm: priority, rules: [{ id: c, review: "*", when: { now: { gt: 2026-01-01T00:00:00Z } } }] } }
routes: [{ actions: read, sets: [s, default] }]
`

/** What every answer must be, whatever the input was. */
function wellFormed(input: unknown): void {
  const { tenants, diagnostics } = parsePolicies(input as Parameters<typeof parsePolicies>[0])
  const failed = diagnostics.some(({ severity }) => severity === 'error')
  expect(tenants.size > 0).toBe(!failed)
  for (const { message, code } of diagnostics) {
    expect(message).not.toMatch(/[\p{Cc}\u2028\u2029]|\[object/u)
    expect(code).toMatch(/^[EW]_[A-Z_]+$/)
  }
}

describe('parsePolicies never throws', () => {
  it('the text is fine as it is', () => {
    expect(parsePolicies(text).diagnostics).toEqual([])
  })

  it('keeps messages on one line', () => {
    const { diagnostics } = parsePolicies('version: 1\n"a\\n\\e[31mb": 1\nroles: { "x\\u2028": ["x\\u2028"] }')
    expect(diagnostics.map(({ message }) => message.split(';')[0])).toEqual([
      'unknown key "a\\n\\u001b[31mb" in a policy document',
      'roles inherit one another in a circle: x\\u2028 → x\\u2028',
    ])
  })

  it('for damaged texts', () => {
    const pieces = fc.constantFrom(
      '',
      ' ',
      '\n',
      '[',
      ']',
      '{',
      '}',
      ':',
      '- ',
      '*',
      '&w ',
      '"',
      '\\',
      '-',
      '\t',
      '\ud800',
      'é',
      '0',
      '!!str ',
      '<<',
    )
    const damage = fc.record({ at: fc.nat(text.length), cut: fc.nat(8), put: pieces })
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
        let damaged = text
        for (const { at, cut, put } of damages) damaged = damaged.slice(0, at) + put + damaged.slice(at + cut)
        wellFormed(damaged)
      }),
      { numRuns: 400 },
    )
  })

  it('for any values in place of the right ones', () => {
    const keys = [
      'version',
      'rules',
      'roles',
      'sets',
      'entities',
      'actions',
      'routes',
      'algorithm',
      'tenant',
      'combine',
    ]
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSparseArray: true,
    })
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), anything), anything, (document, when) => {
        wellFormed(document)
        wellFormed({ version: 1, rules: [{ id: 'r', allow: 'x', when }] })
        wellFormed({ version: 1, rules: [{ id: 'r', allow: 'x', when: { 'context.a': when } }] })
        wellFormed(when)
      }),
      { numRuns: 400 },
    )
  })
})
