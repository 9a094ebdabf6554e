/**
 * A fault in the core denies, and the engine lives. The validator leaves one way to a real fault: an image made on purpose,
 * with a good checksum, whose metadata tells the host to write fewer parts of each list item than its conditions read.
 * Where such a list ends at the end of memory, the core reads past it.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import { Header, Section } from '../../assembly/abi/image.ts'
import { writeChecksum } from '../../src/compiler/checksum.ts'
import { createEngine } from '../../src/engine/index.ts'
import type { AccessRequest, Engine } from '../../src/engine/types.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'

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

/** The image with its metadata changed to something not longer, and its checksum made good. */
function withMetadata(image: Uint8Array, change: (metadata: { slots: { items?: unknown[] }[] }) => void): Uint8Array {
  const bytes = image.slice()
  const words = new Uint32Array(bytes.buffer)
  const offset = words[Header.Sections + Section.Metadata * 2] ?? 0
  const length = words[Header.Sections + Section.Metadata * 2 + 1] ?? 0
  const section = bytes.subarray(offset, offset + length)
  const metadata = JSON.parse(new TextDecoder().decode(section))
  change(metadata)
  const text = JSON.stringify(metadata)
  expect(text.length).toBeLessThanOrEqual(length)
  new TextEncoder().encodeInto(text.padEnd(length), section)
  writeChecksum(words)
  return bytes
}

function ask(items: unknown, text: string): AccessRequest {
  return {
    subject: { type: 'user', id: 'alice' },
    action: { name: 'read' },
    resource: { type: 'doc', id: 'd1' },
    context: { items, text },
  }
}

let image: Uint8Array

beforeAll(async () => {
  const honest = await createEngine({ policies })
  image = withMetadata(honest.image.bytes, ({ slots }) => {
    for (const slot of slots) slot.items?.splice(1)
  })
})

/** A list that ends less than the parts of an item before the end of memory. */
async function findFault(): Promise<{ engine: Engine; items: unknown[] }> {
  const engine = await createEngine({ image })
  for (let length = 4; length < 20_000; length += PARTS / 2) {
    const items = new Array(length).fill(0)
    if (engine.evaluate(ask(items, 'no')).code === 'trap') return { engine, items }
  }
  throw new Error('no list faults')
}

describe('a fault in the core', () => {
  test('is a denial with the code trap, which no rule made', async () => {
    const { engine, items } = await findFault()
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
    const { engine, items } = await findFault()
    // Longer texts move the list; without a fault this request is allowed.
    expect(engine.evaluate(ask([], 'ok')).decision).toBe(true)
    expect(engine.evaluate(ask(items, 'ok'))).toMatchObject({ decision: false, code: 'trap' })
  })

  test('leaves an engine that decides the next requests as ever', async () => {
    const { engine, items } = await findFault()
    const fresh = await createEngine({ image })
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
    const { engine, items } = await findFault()
    const requests = [ask([], 'ok'), ask(items, 'ok'), ask([], 'ok'), ask([], 'no')]
    expect(engine.evaluateMany(requests).map(({ code }) => code)).toEqual(['matched', 'trap', 'matched', 'no_match'])
  })

  test('in explain has nothing to explain', async () => {
    const { engine, items } = await findFault()
    expect(engine.explain(ask(items, 'no'))).toMatchObject({ decision: { code: 'trap' }, sets: [], rules: [] })
    expect(engine.explain(ask([], 'ok')).decision.rules).toEqual(['zone'])
  })

  test('does not stand in the way of other policies', async () => {
    const { engine, items } = await findFault()
    await engine.replacePolicies(policies)
    expect(engine.evaluate(ask(items, 'no')).code).toBe('no_match')
    expect(engine.evaluate(ask([{ k7: 'x' }], 'no')).rules).toEqual(['items'])
  })
})
