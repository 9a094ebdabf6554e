/** What an engine knows for search: entities and actions. */
import { describe, expect, test } from 'vitest'
import { engineOf } from './support.ts'

describe('entities', () => {
  test('are listed by kind and type, sorted by code point, each once', async () => {
    const engine = await engineOf([], {
      entities: {
        subjects: [
          { type: 'user', id: 'b' },
          { type: 'user', id: '\u{1f600}' },
          { type: 'user', id: '\uffff' },
          { type: 'user', id: 'B' },
          { type: 'agent', id: 'bot' },
        ],
        resources: [{ type: 'user', id: 'profile' }],
      },
    })
    expect(engine.entities('subject', 'user')).toEqual(['B', 'b', '\uffff', '\u{1f600}'])
    expect(engine.entities('subject', 'agent')).toEqual(['bot'])
    expect(engine.entities('resource', 'user')).toEqual(['profile'])
  })

  test('of an unknown type are none, whatever it is called', async () => {
    const engine = await engineOf([])
    for (const type of ['user', '', '__proto__', 'constructor', 'length']) {
      expect(engine.entities('subject', type)).toEqual([])
    }
  })
})

describe('actions', () => {
  test('are the declared ones, sorted', async () => {
    const engine = await engineOf([{ id: 'a', allow: 'write' }], { actions: ['write', 'read', 'list'] })
    expect(engine.actions()).toEqual(['list', 'read', 'write'])
  })

  test('are those that rules of any set name exactly, when none are declared', async () => {
    const engine = await engineOf(
      [
        { id: 'a', allow: ['write', 'read', 'tool:*'] },
        { id: 'b', deny: '{read,purge}' },
      ],
      { sets: { more: { rules: [{ id: 'c', review: 'approve' }] } } },
    )
    expect(engine.actions()).toEqual(['approve', 'purge', 'read', 'write'])
  })
})
