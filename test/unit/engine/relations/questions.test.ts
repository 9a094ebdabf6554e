/** Questions about relations: lists, trees, tuples of their own. Random models are compared in test/property/relations.test.ts. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../../src/engine/index.ts'
import { failureOf } from '../support.ts'
import { near, policies } from './support.ts'

describe('questions', () => {
  const tuples = [
    'doc:2#viewer@user:*',
    'doc:2#blocked@user:eve',
    'doc:3#parent@folder:a',
    'folder:a#parent@folder:b',
    'folder:b#viewer@user:bob',
    'group:eng#member@group:ops#member',
    'group:ops#member@user:zoë',
  ]

  test('list objects', async () => {
    const { relations } = await createEngine({ policies, tuples })
    const docs = (subject: string) => relations.listObjects({ subject, relation: 'viewer', type: 'doc' })
    expect(docs('user:ann')).toEqual(['doc:1', 'doc:2'])
    expect(docs('user:bob')).toEqual(['doc:2', 'doc:3'])
    expect(docs('user:eve')).toEqual([])
    expect(docs('user:nobody')).toEqual(['doc:2'])
    expect(docs('group:ops#member')).toEqual(['doc:1'])
  })

  test('list subjects, everyone as such', async () => {
    const { relations } = await createEngine({ policies, tuples })
    const who = (object: string, type = 'user') => relations.listSubjects({ object, relation: 'viewer', type })
    expect(who('doc:1')).toEqual(['user:ann', 'user:zoë'])
    expect(who('doc:2')).toEqual(['user:*'])
    expect(who('doc:3')).toEqual(['user:bob'])
    expect(who('doc:1', 'group#member')).toEqual(['group:eng#member', 'group:ops#member'])
    expect(who('doc:none')).toEqual([])
  })

  test('may bring tuples of their own, which leave no trace', async () => {
    const { relations } = await createEngine({ policies, tuples })
    const contextualTuples = [
      'doc:1#owner@user:bob',
      { object: 'doc:1', relation: 'editor', subject: 'user:eve', condition: near(['eu']) },
    ]
    relations.add({ object: 'doc:1', relation: 'editor', subject: 'user:eve', condition: near(['us']) })
    const eve = { subject: 'user:eve', relation: 'viewer', object: 'doc:1', context: { zone: 'us' } }
    expect(
      relations.listSubjects({
        object: 'doc:1',
        relation: 'viewer',
        type: 'user',
        contextualTuples,
        context: { zone: 'eu' },
      }),
    ).toEqual(['user:ann', 'user:bob', 'user:eve', 'user:zoë'])
    expect(relations.check({ ...eve, contextualTuples }).outcome).toBe('false')
    expect(relations.check(eve).outcome).toBe('true')
    expect(relations.size).toBe(10)
    expect(failureOf(() => relations.check({ ...eve, contextualTuples: ['doc:1#owner@user:bob', 'x'] }))).toMatch(
      /^E_TUPLE/,
    )
    expect(relations.has('doc:1#owner@user:bob')).toBe(false)
  })

  test('draw the tree of a relation', async () => {
    const { relations } = await createEngine({
      policies,
      tuples: ['doc:1#parent@folder:a', 'folder:a#parent@folder:a'],
    })
    expect(relations.expand({ object: 'doc:1', relation: 'viewer' })).toEqual({
      kind: 'relation',
      of: 'doc:1#viewer',
      by: {
        kind: 'exclusion',
        base: {
          kind: 'union',
          of: [
            {
              kind: 'tuples',
              subjects: [
                {
                  subject: 'group:eng#member',
                  members: {
                    kind: 'relation',
                    of: 'group:eng#member',
                    by: { kind: 'tuples', subjects: [{ subject: 'user:ann' }] },
                  },
                },
              ],
            },
            { kind: 'relation', of: 'doc:1#owner', by: { kind: 'tuples', subjects: [] } },
            { kind: 'relation', of: 'doc:1#editor', by: { kind: 'tuples', subjects: [] } },
            {
              kind: 'arrow',
              from: 'parent',
              relation: 'viewer',
              of: [
                {
                  kind: 'relation',
                  of: 'folder:a#viewer',
                  by: {
                    kind: 'union',
                    of: [
                      { kind: 'tuples', subjects: [] },
                      {
                        kind: 'arrow',
                        from: 'parent',
                        relation: 'viewer',
                        of: [{ kind: 'again', of: 'folder:a#viewer' }],
                      },
                    ],
                  },
                },
              ],
            },
          ],
        },
        except: { kind: 'relation', of: 'doc:1#blocked', by: { kind: 'tuples', subjects: [] } },
      },
    })
  })

  test.each([
    [{ subject: 'usr:ann', relation: 'viewer', object: 'doc:1' }, 'the relations have no type "usr"'],
    [
      { subject: 'user:ann', relation: 'sees', object: 'doc:1' },
      'the type "doc" has no relation "sees"; known are: parent, owner, blocked, editor, viewer',
    ],
    [{ subject: 'user:ann', relation: 'viewer', object: 'doc' }, '"doc" has no type; write type:id'],
    [
      { subject: 'user:ann', relation: 'viewer', object: 'doc:1#viewer' },
      '"doc:1#viewer" has a relation where an object belongs; write type:id',
    ],
  ])('%o is refused', async (question, message) => {
    const { relations } = await createEngine({ policies })
    expect(failureOf(() => relations.check(question))).toBe(`E_TUPLE: ${message}`)
  })

  test('are bounded', async () => {
    const { relations } = await createEngine({ policies })
    relations.add(Array.from({ length: 10_001 }, (_, i) => `group:all#member@user:${i}`))
    expect(failureOf(() => relations.expand({ object: 'group:all', relation: 'member' }))).toMatch(/^E_RELATION_LIMIT/)
    relations.add(Array.from({ length: 100_001 }, (_, i) => `doc:${i}#owner@user:hub`))
    expect(failureOf(() => relations.listObjects({ subject: 'user:hub', relation: 'viewer', type: 'doc' }))).toMatch(
      /^E_RELATION_LIMIT/,
    )
  })
})
