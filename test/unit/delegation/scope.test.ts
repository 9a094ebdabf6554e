import { describe, expect, test } from 'vitest'
import { Coverage } from '../../../src/delegation/coverage.ts'
import { readScopes, type Scope } from '../../../src/delegation/scope.ts'
import type { AccessRequest } from '../../../src/engine/types.ts'

describe('mistakes in scopes', () => {
  test.each<[string, unknown, string]>([
    ['no list', { actions: 'read' }, 'scopes must be a list'],
    ['an empty list', [], 'at least one scope'],
    ['too many', Array.from({ length: 17 }, () => ({ actions: 'read' })), 'at most 16'],
    ['no object', ['read'], 'scopes[0] must be an object'],
    ['no actions', [{ actions: 'read' }, { on: 'document' }], 'scopes[1] has no actions'],
    ['an unknown key', [{ actions: 'read', to: { role: 'x' } }], 'unknown key "to"'],
    ['an effect', [{ actions: 'read', deny: 'x' }], 'unknown key "deny"'],
    ['a bad pattern', [{ actions: 'tr{avel' }], 'scopes[0].actions: '],
    ['a bad operator', [{ actions: 'a', when: { 'resource.x': { equals: 1 } } }], 'did you mean "eq"'],
    ['actions of a wrong type', [{ actions: 7 }], 'scopes[0].actions: '],
    ['scopes that are too long', [{ actions: 'x'.repeat(40_000) }], 'at most 32768'],
  ])('%s', (_, scopes, message) => {
    expect(() => readScopes(scopes)).toThrow(expect.objectContaining({ code: 'E_SCOPE' }))
    expect(() => readScopes(scopes)).toThrow(message)
  })
})

describe('what scopes cover', () => {
  const coverage = new Coverage()
  const request = (action: string, type: string, id: string, more: Partial<AccessRequest> = {}): AccessRequest => ({
    subject: { type: 'agent', id: 'bot' },
    action: { name: action },
    resource: { type, id },
    tenant: 'acme',
    ...more,
  })
  const covers = (scopes: Scope[], asked: AccessRequest, now = 0) => coverage.covers(scopes, asked, { now })

  test('actions, types and ids', async () => {
    const scopes: Scope[] = [{ actions: 'travel:*', on: { type: 'trip', id: ['t1', 'x?'] } }, { actions: 'read' }]
    expect(await covers(scopes, request('travel:book', 'trip', 't1'))).toBe(true)
    expect(await covers(scopes, request('travel:book', 'trip', 'x9'))).toBe(true)
    expect(await covers(scopes, request('travel:book', 'trip', 't2'))).toBe(false)
    expect(await covers(scopes, request('travel:book', 'car', 't1'))).toBe(false)
    expect(await covers(scopes, request('travel', 'trip', 't1'))).toBe(false)
    expect(await covers(scopes, request('read', 'anything', 'at all'))).toBe(true)
  })

  test('conditions mean what they mean in policies; what cannot be evaluated covers nothing', async () => {
    const scopes: Scope[] = [
      { actions: 'buy', when: { 'resource.price': { lte: 100 } }, unless: 'subject.id == "eve"' },
    ]
    const priced = (price: unknown, id = 'bot') =>
      request('buy', 'ticket', '1', {
        subject: { type: 'agent', id },
        resource: { type: 'ticket', id: '1', properties: { price } },
      })
    expect(await covers(scopes, priced(100))).toBe(true)
    expect(await covers(scopes, priced(101))).toBe(false)
    expect(await covers(scopes, priced('100'))).toBe(false)
    expect(await covers(scopes, request('buy', 'ticket', '1'))).toBe(false)
    expect(await covers(scopes, priced(1, 'eve'))).toBe(false)
    expect(await covers([...scopes, { actions: 'buy', on: 'ticket' }], priced(101))).toBe(true)
  })

  test('times', async () => {
    const during = { from: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z' }
    const scopes: Scope[] = [{ actions: 'read', during }]
    expect(await covers(scopes, request('read', 'a', 'b'), Date.UTC(2026, 0, 5))).toBe(true)
    expect(await covers(scopes, request('read', 'a', 'b'), Date.UTC(2026, 1, 5))).toBe(false)
  })

  test('a request with a long chain is decided', async () => {
    const delegation_chain = Array.from({ length: 8 }, (_, i) => ({ type: 'agent', id: `a${i}` }))
    const asked = request('read', 'a', 'b', { subject: { type: 'agent', id: 'bot', delegation_chain } })
    expect(await covers([{ actions: 'read', when: { 'chain.depth': 8 } }], asked)).toBe(true)
  })

  test('half of a surrogate pair is covered by nothing', async () => {
    expect(await covers([{ actions: '*' }], request('re\ud800d', 'a', 'b'))).toBe(false)
    expect(await covers([{ actions: 're?d' }], request('re\ud800d', 'a', 'b'))).toBe(false)
  })
})
