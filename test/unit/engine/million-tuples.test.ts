/** A million relation tuples: loaded, asked, and changed one at a time. */
import { expect, test } from 'vitest'
import { createRandom } from '../../../bench/random.ts'
import { createEngine } from '../../../src/engine/index.ts'

const COUNT = 1_000_000
/** Documents in folders, ten to a folder; every folder has its viewers. */
const policies = {
  version: 1 as const,
  relations: {
    user: {},
    folder: { viewer: ['user'] },
    document: {
      parent: ['folder'],
      owner: ['user'],
      viewer: { any: ['owner', { from: 'parent', relation: 'viewer' }] },
    },
  },
  rules: [{ id: 'viewers', allow: 'read', on: 'document', to: { relation: 'viewer' } }],
}

function* tuples(): Generator<string> {
  for (let i = 0; i < COUNT / 2; i++) {
    yield `document:d${i}#parent@folder:f${i % 50_000}`
    yield i % 2 === 0 ? `document:d${i}#owner@user:u${i % 1000}` : `folder:f${i % 50_000}#viewer@user:v${i}`
  }
}

test('are loaded, asked and changed in place', { timeout: 300_000 }, async () => {
  const engine = await createEngine({ policies, tuples: tuples() })
  expect(engine.relations.size).toBe(COUNT)
  const random = createRandom(1)
  const reads = (user: string, document: string) =>
    engine.evaluate({
      subject: { type: 'user', id: user },
      action: { name: 'read' },
      resource: { type: 'document', id: document },
    }).status
  for (let i = 0; i < 2000; i++) {
    const d = random.integer(COUNT / 4) * 2
    expect(reads(`u${d % 1000}`, `d${d}`)).toBe('allow')
    expect(reads(`u${(d + 1) % 1000}`, `d${d}`)).toBe('deny')
    const v = random.integer(COUNT / 4) * 2 + 1
    expect(reads(`v${v}`, `d${(v + 50_000) % (COUNT / 2)}`)).toBe('allow')
  }
  expect(reads('u0', 'd0')).toBe('allow')
  engine.relations.remove('document:d0#owner@user:u0')
  expect(reads('u0', 'd0')).toBe('deny')
  engine.relations.add('folder:f0#viewer@user:u0')
  expect(reads('u0', 'd0')).toBe('allow')
  expect(engine.relations.size).toBe(COUNT)
})
