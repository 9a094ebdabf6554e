/** Roles of known subjects: everywhere, on a type, on one resource; mistakes with their places. */
import { describe, expect, it } from 'vitest'
import type { HeldRole } from '../../../src/policy/document.ts'
import { loadModel, parsePolicies } from '../../../src/policy/index.ts'
import { check } from './support.ts'

function subject(roles: string): string {
  return `version: 1\nentities:\n  subjects:\n    - { type: user, id: ann, roles: ${roles} }\nrules: [{ id: r, allow: read }]\n`
}

describe('roles of a subject', () => {
  it('are held everywhere, on a type or on one resource, each once', () => {
    const text = subject(
      '[a, { role: b, on: doc }, { role: c, on: { type: doc, id: d1 } }, a, { on: { type: doc }, role: b }]',
    )
    expect(loadModel(text).subjects[0]?.roles).toEqual([
      { role: 'a', type: undefined, id: undefined },
      { role: 'b', type: 'doc', id: undefined },
      { role: 'c', type: 'doc', id: 'd1' },
    ])
  })

  it('keep apart what only looks alike', () => {
    const roles: HeldRole[] = ['a', { role: 'a', on: 'b' }, { role: 'a', on: { type: 'b', id: 'c' } }, 'a,b']
    const entities = { subjects: [{ type: 'user', id: 'ann', roles }] }
    expect(loadModel({ version: 1, entities, rules: [{ id: 'r', allow: 'read' }] }).subjects[0]?.roles).toHaveLength(4)
  })

  it('are roles of the model, whether or not they are held everywhere', () => {
    const { roles } = loadModel(subject('[a, { role: b, on: doc }]'))
    expect([...roles.keys()]).toEqual(['a', 'b'])
  })
})

describe('mistakes in roles of a subject', () => {
  it.each<[string, string]>([
    ['admin', '4:37 E_TYPE "roles" must be a list, not the string "admin"; write [admin]'],
    [
      '{ role: a, on: doc }',
      '4:37 E_TYPE "roles" must be a list, not a map; write [viewer, { role: editor, on: record }, { role: owner, on: { type: record, id: r1 } }]',
    ],
    ['[""]', '4:38 E_MISSING an item of "roles" is empty; write a text'],
    ['[5]', '4:38 E_TYPE an item of "roles" must be a string, not the number 5; write "5" in quotes'],
    ['[{ role: a }]', '4:38 E_MISSING a held role has no "on"; for every resource write a alone'],
    ['[{ on: doc }]', '4:38 E_MISSING a held role has no role; write { role: …, on: … }'],
    ['[{ role: a, in: doc }]', '4:49 E_KEY unknown key "in" in a held role; did you mean "on"?'],
    [
      '[{ role: a, on: [doc] }]',
      '4:53 E_TYPE "on" of a held role must be a type or { type, id }, not a list; hold the role once for each',
    ],
    ['[{ role: a, on: { id: d1 } }]', '4:53 E_MISSING "on" of a held role has no type; write { type: …, id: … }'],
    [
      '[{ role: a, on: { type: doc, id: 7 } }]',
      '4:70 E_TYPE the id of a held role must be a string, not the number 7; write "7" in quotes',
    ],
    ['[{ role: a, on: "" }]', '4:53 E_MISSING "on" of a held role is empty; write a text'],
    [
      '[{ role: a, on: { type: doc, ids: d1 } }]',
      '4:66 E_KEY unknown key "ids" in "on" of a held role; did you mean "id"?',
    ],
  ])('%s', (roles, expected) => {
    expect(check(subject(roles))).toContain(expected)
  })

  it('are told together', () => {
    expect(check(subject('[5, { role: a }, { role: b, on: 3 }]'))).toHaveLength(3)
  })

  it('do not stand at resources', () => {
    const text =
      'version: 1\nentities: { resources: [{ type: doc, id: d1, roles: [{ role: a, on: doc }] }] }\nrules: []\n'
    expect(parsePolicies(text).diagnostics.map(({ code }) => code)).toContain('E_KEY')
  })
})

it('a part of subject.roles is no path', () => {
  for (const path of ['subject.roles[0]', 'subject.properties.roles[1]', 'subject.roles.name']) {
    const when = { [path]: 'admin' }
    const [first] = parsePolicies({ version: 1, rules: [{ id: 'r', allow: 'read', when }] }).diagnostics
    expect(first?.code).toBe('E_PATH')
    expect(first?.message).toContain('read as a whole')
  }
})
