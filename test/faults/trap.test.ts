/**
 * A fault in the core denies, and the engine lives. No way to a fault is known that the checks of images leave, so these tests
 * have a core with a fault built in.
 */
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { createEngine } from '../../src/engine/index.ts'
import type { AccessRequest, Engine } from '../../src/engine/types.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'

vi.mock('../../bindings/embedded.ts', () => import('../support/faulty-core.ts'))

const PARTS = 200

const policies: PolicyDocument = {
  version: 1,
  entities: { subjects: [{ type: 'user', id: 'alice', properties: { zone: 'eu' } }] },
  rules: [
    {
      id: 'items',
      allow: 'read',
      when: {
        'context.items': { any_matches: { any: Array.from({ length: PARTS }, (_, i) => ({ [`item.k${i}`]: 'x' })) } },
      },
    },
    { id: 'zone', allow: 'read', when: { 'subject.zone': 'eu', 'context.text': { starts_with: 'ok' } } },
  ],
}

function ask(items: unknown, text: string): AccessRequest {
  return {
    subject: { type: 'user', id: 'alice' },
    action: { name: 'read' },
    resource: { type: 'doc', id: 'd1' },
    context: { items, text },
  }
}

/** A list for which memory has to grow. */
const items = new Array(10_000).fill(0)

let engine: Engine

beforeEach(async () => {
  engine = await createEngine({ policies })
})

describe('a fault in the core', () => {
  test('is a denial with the code trap, which no rule made', () => {
    expect(engine.evaluate(ask(items, 'no'))).toMatchObject({
      decision: false,
      status: 'deny',
      code: 'trap',
      rules: [],
      obligations: [],
      imageId: engine.image.id,
    })
  })

  test('denies even where another rule would allow', async () => {
    expect(engine.evaluate(ask([], 'ok')).decision).toBe(true)
    expect(engine.evaluate(ask(items, 'ok'))).toMatchObject({ decision: false, code: 'trap' })
  })

  test('leaves an engine that decides the next requests as ever', async () => {
    const fresh = await createEngine({ policies })
    for (let round = 0; round < 20; round++) {
      expect(engine.evaluate(ask(items, 'no')).code).toBe('trap')
      for (const text of ['ok', 'not ok', `ok${'!'.repeat(round * 1000)}`]) {
        const { decision, rules, code } = engine.evaluate(ask([], text))
        const expected = fresh.evaluate(ask([], text))
        expect({ decision, rules, code }).toEqual({
          decision: expected.decision,
          rules: expected.rules,
          code: expected.code,
        })
        expect(decision).toBe(text.startsWith('ok'))
      }
    }
  })

  test('among many requests fails only itself', async () => {
    const requests = [ask([], 'ok'), ask(items, 'ok'), ask([], 'ok'), ask([], 'no')]
    expect(engine.evaluateMany(requests).map(({ code }) => code)).toEqual(['matched', 'trap', 'matched', 'no_match'])
  })

  test('in explain has nothing to explain', async () => {
    expect(engine.explain(ask(items, 'no'))).toMatchObject({ decision: { code: 'trap' }, sets: [], rules: [] })
    expect(engine.explain(ask([], 'ok')).decision.rules).toEqual(['zone'])
  })

  test('does not stand in the way of other policies', async () => {
    expect(engine.evaluate(ask(items, 'no')).code).toBe('trap')
    await engine.replacePolicies(policies)
    expect(engine.evaluate(ask([], 'no')).code).toBe('no_match')
    expect(engine.evaluate(ask([{ k7: 'x' }], 'no')).rules).toEqual(['items'])
  })
})
