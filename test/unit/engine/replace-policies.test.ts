/** replacePolicies: all or nothing, between two decisions. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import type { PolicyInput } from '../../../src/engine/types.ts'
import type { PolicyDocument } from '../../../src/policy/document.ts'
import { ask } from './support.ts'

const first: PolicyDocument = { version: 1, tenant: 'acme', rules: [{ id: 'first', allow: 'read' }] }
const second: PolicyDocument = {
  version: 1,
  tenant: 'acme',
  rules: [{ id: 'second', deny: 'read', because: 'closed' }],
}

describe('replacePolicies', () => {
  test('decides by the new policies from then on', async () => {
    const engine = await createEngine({ policies: first })
    expect(engine.evaluate(ask()).rules).toEqual(['first'])
    await engine.replacePolicies(second)
    expect(engine.evaluate(ask())).toMatchObject({ status: 'deny', rules: ['second'], reason: 'closed' })
    expect(engine.image.id).toBe((await createEngine({ policies: second })).image.id)
    await engine.replacePolicies(JSON.stringify(first))
    expect(engine.evaluate(ask()).rules).toEqual(['first'])
  })

  test('leaves decisions that were taken before as they were, even when they are read after', async () => {
    const engine = await createEngine({ policies: second })
    const before = engine.evaluate(ask())
    await engine.replacePolicies(first)
    expect(before).toMatchObject({ status: 'deny', rules: ['second'], reason: 'closed' })
  })

  test('renews what the engine lists', async () => {
    const engine = await createEngine({ policies: first })
    await engine.replacePolicies({
      ...first,
      entities: { subjects: [{ type: 'user', id: 'alice' }] },
      rules: [{ id: 'w', allow: 'write' }],
    })
    expect(engine.actions()).toEqual(['write'])
    expect(engine.entities('subject', 'user')).toEqual(['alice'])
  })

  test('to no rules denies everything', async () => {
    const engine = await createEngine({ policies: first })
    await engine.replacePolicies({ version: 1, tenant: 'acme' })
    expect(engine.evaluate(ask()).code).toBe('no_policies')
  })
})

describe('on an error, the old policies and their image stay', () => {
  const deepRegex = { id: 'r', allow: 'read', when: { 'context.a': { regex: '(a' } } }
  test.each<[string, string, PolicyInput]>([
    ['broken YAML', 'E_POLICY', 'version: 1\nrules: ['],
    [
      'an unknown operator',
      'E_POLICY',
      'version: 1\ntenant: acme\nrules: [{ id: a, allow: x, when: { context.a: { is: 1 } } }]',
    ],
    ['a bad regex', 'E_POLICY', { version: 1, tenant: 'acme', rules: [deepRegex] }],
    ['a duplicate id', 'E_POLICY', [first, first]],
    ['another tenant', 'E_TENANT', { ...first, tenant: 'globex' }],
    ['the default tenant', 'E_TENANT', { version: 1, rules: [] }],
    ['no policies', 'E_TENANT', []],
  ])('%s', async (_, code, policies) => {
    const engine = await createEngine({ policies: first })
    const { id, bytes } = engine.image
    const before = JSON.stringify(engine.evaluate(ask()))
    await expect(engine.replacePolicies(policies)).rejects.toMatchObject({ code })
    expect(engine.image.id).toBe(id)
    expect(engine.image.bytes).toEqual(bytes)
    expect(JSON.stringify(engine.evaluate(ask()))).toBe(before)
    expect(engine.explain(ask()).decision.rules).toEqual(['first'])
    expect(engine.tenant).toBe('acme')
  })
})

describe('several at once', () => {
  /** Large ones take longer to get their id, so that calls could end in another order than they began. */
  function large(name: string, rules: number): PolicyDocument {
    const because = 'x'.repeat(500)
    return {
      version: 1,
      tenant: 'acme',
      rules: Array.from({ length: rules }, (_, i) => ({
        id: `${name}-${i}`,
        allow: i === 0 ? 'read' : `act-${i}`,
        because,
      })),
    }
  }

  test('the one called last is in force when all are done', async () => {
    const engine = await createEngine({ policies: first })
    const last = large('last', 1)
    await Promise.all([
      engine.replacePolicies(large('big', 8000)),
      engine.replacePolicies(second),
      engine.replacePolicies(last),
    ])
    expect(engine.evaluate(ask()).rules).toEqual(['last-0'])
    expect(engine.image.id).toBe((await createEngine({ policies: last })).image.id)
  })

  test('at every moment, the policies and the image belong together', async () => {
    const engine = await createEngine({ policies: first })
    const known = new Map<string, string>()
    for (const policies of [first, second]) {
      const { image } = await createEngine({ policies })
      known.set(image.id, policies.rules?.[0]?.id ?? '')
    }
    let done = false
    const replacing = Promise.all([second, first, second, first].map((policies) => engine.replacePolicies(policies)))
    void replacing.finally(() => {
      done = true
    })
    while (!done) {
      const decision = engine.evaluate(ask())
      expect(decision.imageId).toBe(engine.image.id)
      expect(decision.rules).toEqual([known.get(engine.image.id)])
      expect(createHash('sha256').update(engine.image.bytes).digest('hex')).toBe(engine.image.id)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await replacing
  })

  test('one that fails does not undo one that succeeds', async () => {
    const engine = await createEngine({ policies: first })
    const results = await Promise.allSettled([engine.replacePolicies(second), engine.replacePolicies('version: 2')])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(engine.evaluate(ask()).rules).toEqual(['second'])
  })
})
