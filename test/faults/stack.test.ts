/**
 * The end of the stack, reached anywhere in a decision: the host's own error or a denial, never another answer, and nothing
 * is left behind for the next request.
 */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/index.ts'
import type { AccessRequest, Decision, Engine } from '../../src/engine/types.ts'
import type { ConditionSource, PolicyDocument } from '../../src/policy/document.ts'

/** A condition as deep as policies may have one, so that the core itself needs stack. */
function deep(levels: number): ConditionSource {
  const leaf: ConditionSource = { 'context.a': { starts_with: 'x' } }
  return Array.from({ length: levels }).reduce<ConditionSource>(
    (inner, _, i) => (i % 2 ? { all: [inner] } : { any: [inner, { 'context.never': 1 }] }),
    leaf,
  )
}

const policies: PolicyDocument = {
  version: 1,
  rules: [
    { id: 'deep', allow: 'read', when: deep(30) },
    { id: 'bad', deny: 'read', when: { 'context.text': { starts_with: 'bad' } } },
  ],
}

function ask(a: string, text: string): AccessRequest {
  return {
    subject: { type: 'user', id: 'alice' },
    action: { name: 'read' },
    resource: { type: 'doc', id: 'd1' },
    context: { a, text, never: 2 },
  }
}

/** Goes down until the stack is full and calls on every level of the way up, `times` times at most. */
function nearTheEnd(times: number, call: () => Decision): unknown[] {
  const results: unknown[] = []
  const down = (level: number): void => {
    try {
      down(level + 1)
    } catch {
      // The end.
    }
    if (results.length >= times) return
    try {
      results.push(call())
    } catch (error) {
      results.push(error)
    }
  }
  down(0)
  return results
}

function expectAsEver(engine: Engine): void {
  expect(engine.evaluate(ask('xyz', 'good')).status).toBe('allow')
  expect(engine.evaluate(ask('xyz', 'bad one')).rules).toEqual(['bad'])
  expect(engine.evaluate(ask('no', 'good')).code).toBe('no_match')
  expect(engine.explain(ask('xyz', 'bad one')).rules.map(({ outcome }) => outcome)).toEqual(['true', 'true'])
}

describe('near the end of the stack', () => {
  test.each<[string, (engine: Engine) => Decision, string]>([
    ['evaluate', (engine) => engine.evaluate(ask('xyz', 'bad one')), 'bad'],
    ['explain', (engine) => engine.explain(ask('xyz', 'bad one')).decision, 'bad'],
    ['evaluate with growing memory', (engine) => engine.evaluate(ask('xyz', `bad${'!'.repeat(100_000)}`)), 'bad'],
  ])('%s denies or throws', async (_, call, rule) => {
    let overflows = 0
    for (let round = 0; round < 12; round++) {
      const engine = await createEngine({ policies })
      // Warmer with every round: other frames, other places to run out.
      for (let i = 0; i < round * 50; i++) call(engine)
      for (const result of nearTheEnd(200, () => call(engine))) {
        if (result instanceof RangeError) overflows++
        else if (result instanceof Error) throw result
        else expect(['trap', rule]).toContain((result as Decision).rules[0] ?? (result as Decision).code)
      }
      expectAsEver(engine)
    }
    expect(overflows).toBeGreaterThan(0)
  })
})
