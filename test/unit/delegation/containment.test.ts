import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { excessOf } from '../../../src/delegation/containment.ts'
import { readScopes, type Scope } from '../../../src/delegation/scope.ts'
import type { Patterns } from '../../../src/policy/document.ts'
import { pattern } from '../../property/patterns.ts'
import { matchesAny } from '../../reference/patterns.ts'

const excess = (inner: readonly Scope[], outer: readonly Scope[]) => excessOf(readScopes(inner), readScopes(outer))

describe('inside', () => {
  test.each<[string, Scope[], Scope[]]>([
    ['the same', [{ actions: 'read' }], [{ actions: 'read' }]],
    ['a name in a glob', [{ actions: 'travel:book' }], [{ actions: 'travel:*' }]],
    ['a glob in a glob', [{ actions: 'travel:book:*' }], [{ actions: 'travel:**' }]],
    ['a class in alternatives', [{ actions: 'r[12]' }], [{ actions: '{r1,r2,r3}' }]],
    ['alternatives in two scopes', [{ actions: '{read,write}' }], [{ actions: 'read' }, { actions: 'write' }]],
    ['a glob that two globs cover together', [{ actions: 'a*' }], [{ actions: ['a', 'a[a-m]*', 'a[!a-m]*'] }]],
    ['one type of any', [{ actions: '*', on: 'document' }], [{ actions: '*' }]],
    [
      'ids',
      [{ actions: 'read', on: { type: 'document', id: 'r1' } }],
      [{ actions: ['read', 'write'], on: { type: 'document', id: 'r*' } }],
    ],
    [
      'a box that overlapping boxes cover',
      [{ actions: ['a', 'b'], on: ['s', 't'] }],
      [
        { actions: 'a', on: '{s,t}' },
        { actions: '*', on: 's' },
        { actions: 'b', on: 't' },
      ],
    ],
    [
      'what is under a condition: the condition of the outer one holds besides',
      [{ actions: 'read', when: { 'resource.public': true } }],
      [{ actions: 'read', unless: { 'resource.secret': true } }],
    ],
  ])('%s', (_, inner, outer) => {
    expect(excess(inner, outer)).toBeUndefined()
  })
})

describe('outside', () => {
  const action = (action: string) => ({ action, type: '', id: '' })
  test.each<[string, Scope[], Scope[], object | undefined]>([
    ['a wider glob', [{ actions: 'travel:*' }], [{ actions: 'travel:book' }], action('travel:')],
    ['texts that start alike', [{ actions: 'travel*' }], [{ actions: 'travel:*' }], action('travel')],
    ['a second scope', [{ actions: 'read' }, { actions: 'delete' }], [{ actions: 'read' }], action('delete')],
    [
      'another type',
      [{ actions: 'read', on: ['document', 'folder'] }],
      [{ actions: 'read', on: 'document' }],
      { action: 'read', type: 'folder', id: '' },
    ],
    [
      'no type where the outer one has one',
      [{ actions: 'read' }],
      [{ actions: 'read', on: 'document' }],
      action('read'),
    ],
    [
      'a corner that no box covers',
      [{ actions: ['a', 'b'], on: ['s', 't'] }],
      [
        { actions: 'a', on: '{s,t}' },
        { actions: '*', on: 's' },
      ],
      { action: 'b', type: 't', id: '' },
    ],
    ['one character of a class', [{ actions: 'r[1-3]' }], [{ actions: ['r1', 'r2'] }], action('r3')],
    ['what is too intricate to tell', [{ actions: `*a${'?'.repeat(40)}` }], [{ actions: 'b*' }], undefined],
  ])('%s', (_, inner, outer, example) => {
    const found = excess(inner, outer)
    expect(found).toBeDefined()
    expect(found?.example).toEqual(example)
  })
})

/** The plain meaning: a triple lies in the scopes when it lies in one of them. */
function covered(scopes: readonly Scope[], action: string, type: string, id: string): boolean {
  return scopes.some(({ actions, on }) => {
    const parts = on as { type?: Patterns; id?: Patterns } | undefined
    return matchesAny(actions, action) && matchesAny(parts?.type, type) && matchesAny(parts?.id, id)
  })
}

test('random scopes: inside when no triple tells otherwise, and the example is outside', () => {
  const actions = ['read', 'ready', 'write']
  const types = ['doc', 'dog']
  const ids = ['1', '12', '2']
  const patterns = (words: string[]) =>
    fc.oneof(pattern(words), fc.constantFrom(...words), fc.uniqueArray(pattern(words), { minLength: 1, maxLength: 2 }))
  const scope = fc.record({
    actions: patterns(actions),
    on: fc.record({ type: patterns(types), id: patterns(ids) }),
  })
  const scopes = fc.array(scope, { minLength: 1, maxLength: 3 })
  let inside = 0
  fc.assert(
    fc.property(scopes, scopes, (inner, outer) => {
      const found = excess(inner, outer)
      const triples = actions.flatMap((a) => types.flatMap((t) => ids.map((i) => [a, t, i] as const)))
      const wrong = triples.filter((triple) => covered(inner, ...triple) && !covered(outer, ...triple))
      if (found === undefined) {
        inside++
        expect(wrong).toEqual([])
        return
      }
      const { action, type, id } = found.example!
      expect(covered(inner, action, type, id)).toBe(true)
      expect(covered(outer, action, type, id)).toBe(false)
    }),
    { numRuns: 2_000 },
  )
  expect(inside).toBeGreaterThan(30)
})
