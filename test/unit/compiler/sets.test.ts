/** Sets of rules: as many as there are bits in a mask, and no more. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import type { AccessRequest } from '../../../src/engine/types.ts'
import type { PolicyDocument } from '../../../src/policy/document.ts'

const request: AccessRequest = {
  subject: { type: 'user', id: 'alice' },
  action: { name: 'read' },
  resource: { type: 'doc', id: 'd1' },
}

/** Set number i allows, except `denying`, which denies, and `silent`, which says nothing. */
function withSets(count: number, { denying = -1, silent = -1, combine = 'any' as 'any' | 'all' } = {}): PolicyDocument {
  const sets = Array.from({ length: count }, (_, i) => [
    `set-${i}`,
    { rules: [{ id: `rule-${i}`, [i === denying ? 'deny' : 'allow']: i === silent ? 'write' : 'read' }] },
  ])
  return { version: 1, combine, sets: Object.fromEntries(sets) }
}

describe('64 sets', () => {
  test('all vote, and their rules decide in order', async () => {
    const engine = await createEngine({ policies: withSets(64) })
    expect(engine.evaluate(request).rules).toEqual(Array.from({ length: 64 }, (_, i) => `rule-${i}`))
    expect(engine.explain(request).sets).toHaveLength(64)
  })

  test.each([0, 31, 32, 62, 63])('a denial by number %i is heard', async (denying) => {
    const engine = await createEngine({ policies: withSets(64, { denying }) })
    expect(engine.evaluate(request)).toMatchObject({ status: 'deny', rules: [`rule-${denying}`] })
  })

  test.each([0, 31, 32, 63])('the silence of number %i, too, where all must agree', async (silent) => {
    const engine = await createEngine({ policies: withSets(64, { silent, combine: 'all' }) })
    expect(engine.evaluate(request).code).toBe('set_abstained')
  })

  test.each([0, 31, 32, 63])('a route asks number %i alone', async (i) => {
    const engine = await createEngine({
      policies: { ...withSets(64, { denying: i }), routes: [{ actions: 'r*', sets: [`set-${i}`] }] },
    })
    expect(engine.evaluate(request).rules).toEqual([`rule-${i}`])
    const others = await createEngine({
      policies: {
        ...withSets(64, { denying: i }),
        routes: [{ actions: '*', sets: Array.from({ length: 64 }, (_, n) => `set-${n}`).filter((_, n) => n !== i) }],
      },
    })
    expect(others.evaluate(request)).toMatchObject({ status: 'allow' })
    expect(others.evaluate(request).rules).toHaveLength(63)
  })
})

test('65 sets are refused, the top-level rules counted', async () => {
  const tooMany = { code: 'E_POLICY', message: expect.stringMatching(/E_LIMIT/) }
  await expect(createEngine({ policies: withSets(65) })).rejects.toMatchObject(tooMany)
  const withDefault = { ...withSets(64), rules: [{ id: 'top', allow: 'read' }] }
  await expect(createEngine({ policies: withDefault })).rejects.toMatchObject(tooMany)
  expect(
    (await createEngine({ policies: { ...withSets(63), rules: withDefault.rules } })).evaluate(request).rules,
  ).toHaveLength(64)
})
