import { describe, expect, it } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import { formatDecision } from '../../../src/engine/wire.ts'

const engine = await createEngine({
  policies: {
    version: 1,
    rules: [
      { id: 'plain', allow: 'read' },
      { id: 'with-duty', allow: 'export', obligations: [{ id: 'log', level: 2 }], advice: [{ id: 'tell' }] },
      { id: 'closed', deny: 'write', because: 'the office is closed', advice: [{ id: 'come-back' }] },
      { id: 'two-people', review: 'purge', because: 'ask a second person', obligations: [{ id: 'ask' }] },
    ],
  },
})
const decide = (name: string) =>
  formatDecision(
    engine.evaluate({ subject: { type: 'user', id: 'a' }, action: { name }, resource: { type: 'r', id: '1' } }),
  )

describe('the wire form of a decision', () => {
  it('of an allow is as small as can be', () => {
    expect(decide('read')).toEqual({ decision: true })
    expect(decide('export')).toEqual({
      decision: true,
      context: { obligations: [{ id: 'log', level: 2 }], advice: [{ id: 'tell' }] },
    })
  })

  it('of a denial says why', () => {
    expect(decide('write')).toEqual({
      decision: false,
      context: {
        code: 'matched',
        reason: 'the office is closed',
        rules: ['closed'],
        advice: [{ id: 'come-back' }],
      },
    })
    expect(decide('other')).toEqual({ decision: false, context: { code: 'no_match', reason: expect.any(String) } })
  })

  it('of a review is a denial with a status', () => {
    expect(decide('purge')).toEqual({
      decision: false,
      context: {
        status: 'review',
        code: 'matched',
        reason: 'ask a second person',
        rules: ['two-people'],
        obligations: [{ id: 'ask' }],
      },
    })
  })
})
