/** Tuples in the core's memory: many, added and removed in any order, against a set of texts. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import type { PolicyDocument } from '../../../src/policy/document.ts'
import type { TupleInput } from '../../../src/tuple/tuple.ts'

const policies: PolicyDocument = {
  version: 1,
  relations: { user: {}, group: { member: ['user', 'group#member'] }, doc: { owner: ['user', 'user with near'] } },
  conditions: { near: { 'context.zone': { in: { ref: 'tuple.zones' } } } },
  rules: [{ id: 'own', allow: 'own', to: { relation: 'owner' } }],
}

const Instance = WebAssembly.Instance
let memory: WebAssembly.Memory | undefined

beforeAll(() => {
  // The engine does not show how much memory it has.
  WebAssembly.Instance = class extends Instance {
    constructor(module: WebAssembly.Module) {
      super(module)
      memory = this.exports.memory as WebAssembly.Memory
    }
  } as typeof Instance
})

afterAll(() => {
  WebAssembly.Instance = Instance
})

/** The generator of Numerical Recipes; the same numbers every time. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

test('are as they were put in, whatever the order', { timeout: 120_000 }, async () => {
  const { relations } = await createEngine({ policies })
  const next = random(7)
  const groups = 40
  const users = 900
  const texts = new Set<string>()
  const any = () =>
    `group:${next(groups)}#member@${next(20) === 0 ? `group:${next(groups)}#member` : `user:${next(users)}`}`
  // It fills up, goes up and down, and empties.
  for (const [steps, share] of [
    [60_000, 8],
    [60_000, 5],
    [60_000, 2],
  ] as const) {
    for (let i = 0; i < steps; i++) {
      const text = any()
      const adds = next(10) < share
      const changed = adds ? relations.add(text) : relations.remove(text)
      if (changed !== Number(adds !== texts.has(text))) expect.fail(`${adds ? 'added' : 'removed'} ${text}: ${changed}`)
      if (adds) texts.add(text)
      else texts.delete(text)
    }
    expect(relations.size).toBe(texts.size)
    for (let i = 0; i < 20_000; i++) {
      const text = any()
      if (relations.has(text) !== texts.has(text)) expect.fail(`has ${text}: ${relations.has(text)}`)
    }
    for (let user = 0; user < users; user += 100) {
      const direct = [...texts]
        .filter((text) => text.endsWith(`@user:${user}`))
        .map((text) => text.slice(0, text.indexOf('#')))
      const listed = relations.listObjects({ subject: `user:${user}`, relation: 'member', type: 'group' })
      expect(listed).toEqual(expect.arrayContaining(direct))
    }
  }
  expect(relations.remove(texts)).toBe(texts.size)
  expect(relations.size).toBe(0)
})

test.each<[string, (i: number) => TupleInput]>([
  ['plain ones', (i) => `doc:${'x'.repeat(i % 50)}${i}#owner@user:${i * 7919}`],
  [
    'ones with conditions',
    (i) => ({
      object: `doc:${i}`,
      relation: 'owner',
      subject: `user:${(i * 7919) % 500}`,
      condition: { name: 'near', context: { zones: [`zone ${i}`], more: 'x'.repeat(i % 300) } },
    }),
  ],
])('take no more memory for coming and going: %s', { timeout: 60_000 }, async (_, tuple) => {
  const { relations } = await createEngine({ policies })
  const tuples = Array.from({ length: 3000 }, (_, i) => tuple(i))
  const sizes: number[] = []
  for (let round = 0; round < 10; round++) {
    expect(relations.add(tuples)).toBe(tuples.length)
    expect(relations.remove(round % 2 ? tuples : tuples.toReversed())).toBe(tuples.length)
    expect(relations.size).toBe(0)
    sizes.push(memory?.buffer.byteLength ?? 0)
  }
  expect(sizes[0]).toBeGreaterThan(100_000)
  expect(new Set(sizes.slice(2)).size).toBe(1)
})

test('take little memory', { timeout: 120_000 }, async () => {
  const { relations } = await createEngine({ policies })
  const before = memory?.buffer.byteLength ?? 0
  const next = random(3)
  const count = 200_000
  for (let i = 0; i < count; i++) {
    relations.add(i % 2 ? `doc:${i}#owner@user:${next(20_000)}` : `group:${next(2000)}#member@user:${next(20_000)}`)
  }
  expect(((memory?.buffer.byteLength ?? 0) - before) / relations.size).toBeLessThan(46)
})
