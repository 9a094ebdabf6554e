/** Separation of duty in policies: how it is read, and who breaks it before any request is made. */
import { describe, expect, it } from 'vitest'
import { loadModel, parsePolicies } from '../../../src/policy/index.ts'

function diagnostics(...texts: string[]): string[] {
  const sources = texts.map((text, i) => ({ name: `${'pq'[i]}.yaml`, text: `version: 1\n${text}` }))
  return parsePolicies(sources).diagnostics.map(
    ({ place, code, message }) => `${place.file}:${place.line}:${place.column} ${code} ${message}`,
  )
}

const rules = 'rules: [{ id: r, allow: read }]'

describe('separation', () => {
  it('is read with its defaults, the static ones first', () => {
    const model = loadModel(
      `version: 1\nseparation: { dynamic: [{ roles: [a, b] }], static: [{ roles: [b, c, d], at_most: 2 }] }\n${rules}`,
    )
    expect(model.separations).toEqual([
      { kind: 'static', roles: ['b', 'c', 'd'], atMost: 2 },
      { kind: 'dynamic', roles: ['a', 'b'], atMost: 1 },
    ])
    expect([...model.roles.keys()].sort()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('of several documents is joined, and holds for the roles and subjects of all', () => {
    const one = `separation: { static: [{ roles: [a, b] }] }\n${rules}`
    const two =
      'separation: { static: [{ roles: [c, d] }] }\nroles: { a: [], b: [], c: [a, d], d: [] }\nentities: { subjects: [{ type: u, id: x, roles: [a, b] }] }'
    expect(diagnostics(one, two)).toEqual([
      'q.yaml:3:24 E_SEPARATION the role "c" means "c" and "d" together, of which the separation at 2:24 allows 1; let it inherit fewer of them',
      'q.yaml:4:53 E_SEPARATION the subject "x" of type "u" holds "a" and "b" together, of which the separation at p.yaml:2:24 allows 1; take a role away',
    ])
  })
})

describe('mistakes', () => {
  it.each<[string, string]>([
    ['{}', '2:13 E_MISSING "separation" is empty; write { static: [{ roles: [requester, approver], at_most: 1 }] }'],
    [
      '[]',
      '2:13 E_TYPE "separation" must be a map, not a list; write { static: [{ roles: [requester, approver], at_most: 1 }] }',
    ],
    ['{ statics: [] }', '2:15 E_KEY unknown key "statics" in "separation"; did you mean "static"?'],
    ['{ static: [] }', '2:23 E_MISSING "static" of "separation" is an empty list; leave it out'],
    [
      '{ static: { roles: [a, b] } }',
      '2:23 E_TYPE "static" of "separation" must be a list, not a map; write [{ roles: [a, b] }]',
    ],
    ['{ static: [{ at_most: 1 }] }', '2:24 E_MISSING a separation has no roles; write roles: [a, b]'],
    [
      '{ static: [{ roles: [] }] }',
      '2:33 E_MISSING "roles" of a separation is an empty list, which matches nothing; name one',
    ],
    ['{ static: [{ roles: [a] }] }', '2:24 E_SEPARATION a separation needs two roles, not "a" alone; add one'],
    ['{ static: [{ roles: [a, a] }] }', '2:24 E_SEPARATION a separation needs two roles, not "a" alone; add one'],
    [
      '{ static: [{ roles: [a, 5] }] }',
      '2:37 E_TYPE an item of "roles" of a separation must be a string, not the number 5; write "5" in quotes',
    ],
    [
      '{ dynamic: [{ roles: [a, b], atmost: 1 }] }',
      '2:42 E_KEY unknown key "atmost" in a separation; did you mean "at_most"?',
    ],
    [
      '{ dynamic: [{ roles: [a, b], at_most: 0 }] }',
      '2:51 E_SEPARATION "at_most" cannot be the number 0; write a whole number from 1',
    ],
    [
      '{ dynamic: [{ roles: [a, b], at_most: 1.5 }] }',
      '2:51 E_SEPARATION "at_most" cannot be the number 1.5; write a whole number from 1',
    ],
    [
      '{ dynamic: [{ roles: [a, b], at_most: one }] }',
      '2:51 E_SEPARATION "at_most" cannot be the string "one"; write a whole number from 1',
    ],
    [
      '{ dynamic: [{ roles: [a, b], at_most: 2 }] }',
      '2:51 E_SEPARATION "at_most" is 2, and there are 2 roles: nothing ever breaks this; write a number below 2',
    ],
  ])('%s', (separation, expected) => {
    expect(diagnostics(`separation: ${separation}\n${rules}`)).toContain(`p.yaml:${expected}`)
  })

  it('an unknown role, where roles are defined', () => {
    expect(
      diagnostics(`roles: { admin: [], editor: [] }\nseparation: { static: [{ roles: [admin, edtor] }] }\n${rules}`),
    ).toEqual(['p.yaml:3:41 E_ROLE unknown role "edtor"; did you mean "editor"?'])
    expect(diagnostics(`separation: { static: [{ roles: [admin, edtor] }] }\n${rules}`)).toEqual([])
  })
})

describe('a static separation is broken', () => {
  function codes(roles: string, held: string, more = ''): string[] {
    const text = `roles: ${roles}\nentities: { subjects: [{ type: u, id: x, roles: ${held} }] }\nseparation: { static: [{ roles: [a, b, c]${more} }] }\n${rules}`
    return diagnostics(text).map((line) => line.replace(/^p.yaml:(\d+):.*(the (?:role|subject) "\w+").*/, '$1 $2'))
  }
  const flat = '{ a: [], b: [], c: [], d: [b], e: [a], boss: [d, e] }'
  const fewer = '{ a: [], b: [], c: [], d: [b], e: [a] }'

  it.each<[string, string, string, string[]]>([
    ['by a role that inherits two, be it through others', flat, '[]', ['2 the role "boss"']],
    ['by that role alone, not by its holders as well', flat, '[boss]', ['2 the role "boss"']],
    ['by two roles', fewer, '[a, b]', ['3 the subject "x"']],
    ['by what they inherit', fewer, '[d, e]', ['3 the subject "x"']],
    ['by a role everywhere and one on a type', fewer, '[a, { role: b, on: t }]', ['3 the subject "x"']],
    [
      'by a role on a type and one on a resource of it',
      fewer,
      '[{ role: d, on: t }, { role: a, on: { type: t, id: i } }]',
      ['3 the subject "x"'],
    ],
    [
      'by two roles on one resource',
      fewer,
      '[{ role: b, on: { type: t, id: i } }, { role: a, on: { type: t, id: i } }]',
      ['3 the subject "x"'],
    ],
    ['not by one', fewer, '[a]', []],
    ['not by one twice', fewer, '[a, e, { role: a, on: t }]', []],
    ['not by roles on different types', fewer, '[{ role: a, on: t }, { role: b, on: s }]', []],
    [
      'not by roles on different resources',
      fewer,
      '[{ role: a, on: { type: t, id: i } }, { role: b, on: { type: t, id: j } }, { role: c, on: { type: s, id: i } }]',
      [],
    ],
    ['not by roles of which none is in it', fewer, '[z, y]', []],
  ])('%s', (_, roles, held, expected) => {
    expect(codes(roles, held)).toEqual(expected)
  })

  it('by more than are allowed only', () => {
    expect(codes(fewer, '[a, b]', ', at_most: 2')).toEqual([])
    expect(codes(fewer, '[a, b, { role: c, on: t }]', ', at_most: 2')).toEqual(['3 the subject "x"'])
  })

  it('but a dynamic one by nobody before they act', () => {
    const text = `roles: { boss: [a, b] }\nentities: { subjects: [{ type: u, id: x, roles: [a, b] }] }\nseparation: { dynamic: [{ roles: [a, b] }] }\n${rules}`
    expect(diagnostics(text)).toEqual([])
  })
})
