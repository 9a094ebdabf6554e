/** engine.image: bytes to keep and load again, and nobody's to change. What is refused has image.test.ts. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import { loadEngine } from '../../../src/engine/load.ts'
import { everyFeature } from '../../support/policies.ts'
import { ask, engineOf } from './support.ts'

const rules = [{ id: 'open', allow: 'read', because: 'all may read', obligations: [{ id: 'log' }] }]
const { bytes } = (await engineOf(rules)).image
const expected = { decision: true, rules: ['open'], reason: 'all may read', obligations: [{ id: 'log' }] }

describe('engine.image', () => {
  test('has the SHA-256 of its bytes as id', async () => {
    for (const engine of [await engineOf(rules), await createEngine({ policies: everyFeature })]) {
      const { bytes, id } = engine.image
      expect(id).toBe(createHash('sha256').update(bytes).digest('hex'))
    }
  })

  test('can be loaded again, and again', async () => {
    const again = await createEngine({ image: (await createEngine({ image: bytes })).image.bytes })
    expect(again.image.bytes).toEqual(bytes)
    expect(again.evaluate(ask())).toMatchObject(expected)
  })

  test('loads without the compiler, which then is not there to replace policies', async () => {
    const engine = await loadEngine(bytes)
    expect(engine.evaluate(ask())).toMatchObject(expected)
    await expect(engine.replacePolicies({ version: 1 })).rejects.toMatchObject({ code: 'E_USAGE' })
    expect(engine.evaluate(ask())).toMatchObject(expected)
  })

  test('loads from any view: at any offset, from a Buffer', async () => {
    const large = new Uint8Array(bytes.length + 64)
    for (const offset of [0, 1, 2, 3, 4, 7, 16]) {
      const view = large.subarray(offset, offset + bytes.length)
      view.set(bytes)
      const { id } = (await createEngine({ image: view })).image
      const buffer = Buffer.from(large.buffer, offset, bytes.length)
      const engine = await createEngine({ image: buffer })
      expect(engine.image.id).toBe(id)
      expect(engine.evaluate(ask())).toMatchObject(expected)
    }
  })
})

describe('changing bytes afterwards changes no decision', () => {
  test.each([
    ['the bytes passed', () => bytes.slice()],
    ['a Buffer passed', () => Buffer.from(bytes)],
  ])('%s', async (_, copy) => {
    const image = copy()
    const engine = await createEngine({ image })
    image.fill(0)
    expect(engine.evaluate(ask())).toMatchObject(expected)
    expect(createHash('sha256').update(engine.image.bytes).digest('hex')).toBe(engine.image.id)
  })

  test('the bytes returned', async () => {
    const engine = await engineOf(rules)
    engine.image.bytes.fill(0)
    expect(engine.evaluate(ask())).toMatchObject(expected)
    expect(engine.explain(ask()).rules.map(({ id }) => id)).toEqual(['open'])
  })

  test('the bytes returned after a replacement', async () => {
    const engine = await engineOf([])
    await engine.replacePolicies({ version: 1, rules })
    engine.image.bytes.fill(0)
    expect(engine.evaluate(ask())).toMatchObject(expected)
  })
})
