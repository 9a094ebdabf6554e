/** Expressions are bounded: in steps, in bytes, in depth, whatever the request brings; and deciding allocates nothing. */
import { describe, expect, test } from 'vitest'
import { loadCore } from '../../../bindings/embedded.ts'
import { Core } from '../../../src/engine/core.ts'
import { imageDigest } from '../../../src/engine/image-digest.ts'
import { ImageReader } from '../../../src/engine/image-reader.ts'
import { createProjection } from '../../../src/engine/projection.ts'
import type { AccessRequest } from '../../../src/engine/types.ts'
import { ask, engineOf, engineWhen } from '../engine/support.ts'
import { decide } from './decide.ts'

describe('limits', () => {
  test('work: nested macros over long lists', async () => {
    const engine = await engineWhen('context.l.all(a, context.l.all(b, context.l.all(c, a + b + c > -1.0)))')
    const l = Array.from({ length: 2000 }, (_, i) => i)
    expect(engine.evaluate(ask({ context: { l } })).code).toBe('limit')
    expect(engine.evaluate(ask({ context: { l: l.slice(0, 20) } })).status).toBe('allow')
  })

  test('memory: text that doubles', async () => {
    const doubled = Array.from({ length: 12 }).reduce<string>((text) => `(${text}.replace("a", "aa"))`, 'context.s')
    const engine = await engineWhen(`${doubled} != "b"`)
    expect(engine.evaluate(ask({ context: { s: 'a'.repeat(10_000) } })).code).toBe('limit')
    expect(engine.evaluate(ask({ context: { s: 'aa' } })).status).toBe('allow')
  })

  test('memory is given back in loops', async () => {
    const engine = await engineWhen('context.l.all(x, (x + context.s).size() > 0)')
    const l = Array.from({ length: 5000 }, () => 'x')
    expect(engine.evaluate(ask({ context: { l, s: 'y'.repeat(2000) } })).status).toBe('allow')
  })

  test.each([
    ['a long sum', (n: number) => Array(n).fill('context.n').join(' + ')],
    ['lists in lists', (n: number) => `size(${'['.repeat(n)}context.n${']'.repeat(n)})`],
    ['choices', (n: number) => `(${'context.n > 0.0 ? '.repeat(n)}context.n${' : 1.0'.repeat(n)})`],
    ['macros', (n: number) => `${'[1].map(x, '.repeat(n)}context.n${')'.repeat(n)}.size()`],
  ])('depth: %s', async (_, make) => {
    const request = ask({ context: { n: 1 } })
    for (const n of [20, 45]) expect(await decide(`${make(n)} > 0`, request)).toBe(true)
    await expect(engineWhen(`${make(200)} > 0`)).rejects.toThrow(/E_LIMIT/)
  })

  test('lists and maps of the request', async () => {
    const engine = await engineWhen('size(context.m) >= 0')
    const wide = Object.fromEntries(Array.from({ length: 40_000 }, (_, i) => [`k${i}`, i]))
    expect(engine.evaluate(ask({ context: { m: wide } })).code).toBe('limit')
    let deep: unknown = 1
    for (let i = 0; i < 12; i++) deep = { deep }
    expect(engine.evaluate(ask({ context: { m: deep } })).code).toBe('limit')
  })
})

/** Lists of 5,000, and expressions that want far more work over them than there is. */
const l = Array.from({ length: 5000 }, (_, i) => i)
const words = l.map((i) => `word-${i}-with-a-long-common-part-${'x'.repeat(20)}`)
const maps = l.map((i) => ({ id: i, tags: ['a', 'b', 'c'], name: `n${i}` }))
const greedy = [
  'context.l.all(a, context.l.all(b, context.l.all(c, a + b + c > -1.0)))',
  '!context.l.exists(a, context.l.exists(b, context.l.exists(c, a + b == c + 0.5)))',
  'context.l.map(a, context.l.map(b, a * b)).size() > 0',
  'context.l.filter(a, context.l.filter(b, b < a).size() >= 0).size() > 0',
  'context.l.all(a, a in context.l.map(b, b + 0.0))',
  'context.words.all(a, context.words.all(b, a <= b || a >= b))',
  'context.words.all(a, context.words.map(b, b + "x").exists(c, c.contains(a)))',
  'context.words.join().split("-").map(w, context.words.join(w)).size() > 0',
  'sets.contains(context.words + context.words, context.words.map(w, w + ""))',
  'context.maps.all(m, context.maps.exists_one(n, n == m))',
  'context.maps.all(m, context.maps.map(n, n.name).exists(k, k == m.name))',
  'context.l.transformMap(i, v, string(v)).all(k, context.l.transformMap(i, v, [k]) != {})',
]

describe('comprehensions over what the host brings', () => {
  test.each(greedy)('%s', async (when) => {
    const engine = await engineOf([
      { id: 'open', allow: 'read' },
      { id: 'greedy', deny: 'read', when },
    ])
    const request = ask({ context: { l, words, maps } })
    const start = performance.now()
    const decision = engine.evaluate(request)
    const milliseconds = performance.now() - start
    expect(decision).toMatchObject({ status: 'deny', code: 'limit' })
    // Far more than it takes on a machine with nothing else to do.
    expect(milliseconds).toBeLessThan(10_000)
    // And the next decision is as if nothing had been.
    const small = ask({ context: { l: [1], words: ['a'], maps: [{ id: 1, name: 'n' }] } })
    expect(engine.evaluate(small).code).not.toBe('limit')
  })

  test('lists longer than any may be are refused before they are looked at', async () => {
    const engine = await engineWhen('context.l.all(a, a < 5.0)')
    expect(engine.evaluate(ask({ context: { l: new Array(70_000).fill(1) } })).code).toBe('limit')
  })
})

const now = Date.UTC(2026, 10, 21)

describe('deciding allocates nothing', () => {
  const when = [
    'context.l.filter(a, a > 10.0).map(a, string(int(a)) + "-").join() != "x"',
    'context.maps.exists(m, m.name.upperAscii() == "N19" && m.tags == ["a", "b", "c"])',
    'timestamp(context.at) < now && context.words[0].replace("o", "0").matches("w0.*")',
    '{"a": context.l, "b": [1, 2]}.exists(k, k == "a")',
  ].join(' && ')
  const request: AccessRequest = ask({
    context: { l: l.slice(0, 20), words: words.slice(0, 5), maps: maps.slice(0, 20), at: '2026-01-01T00:00:00Z' },
  })
  test('the core: 100,000 decisions later it has the memory that it had', async () => {
    const decideTimes = await coreThatDecides(when)
    const pages = decideTimes(1, request)
    expect(decideTimes(100_000, request)).toBe(pages)
  }, 120_000)

  test('the core, where a decision passes a limit', async () => {
    const decideTimes = await coreThatDecides('context.l.map(a, context.l.map(b, a * b)).size() > 0')
    const large = ask({ context: { l } })
    const pages = decideTimes(1, large)
    expect(decideTimes(20, large)).toBe(pages)
  })

  test('the host keeps nothing of what it has decided', async () => {
    const engine = await engineWhen(when)
    const decideTimes = (count: number) => {
      for (let i = 0; i < count; i++) if (!engine.evaluate(request, { now }).decision) throw new Error('not allowed')
    }
    decideTimes(10_000)
    const before = await heapInUse()
    decideTimes(100_000)
    // An object of one field has twelve bytes. Less than one for each is compiled code, and what the collector is not done with.
    expect((await heapInUse()) - before).toBeLessThan(1_200_000)
  }, 120_000)
})

/** Decides so many times without the engine around the core; returns the bytes of its memory afterwards. */
async function coreThatDecides(when: string): Promise<(times: number, request: AccessRequest) => number> {
  const { image } = await engineWhen(when)
  const core = new Core(await loadCore(), image.bytes)
  const reader = new ImageReader(core, imageDigest)
  // Room for what a request brings; what deciding takes has its place in the image's memory already.
  core.reserve(core.scratch + 2 ** 21)
  const projection = createProjection(core, reader, reader.strings())
  return (times, request) => {
    for (let i = 0; i < times; i++) {
      projection.writeKeys(request)
      projection.writeNeeds(core.match(), request, now, undefined)
      core.decide()
    }
    // Zero when memory grew: the view is one of the old memory then.
    return core.u8.byteLength
  }
}

/** Bytes of the heap that something refers to. */
async function heapInUse(): Promise<number> {
  const { setFlagsFromString } = await import('node:v8')
  const { runInNewContext } = await import('node:vm')
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let i = 0; i < 3; i++) collect()
  return process.memoryUsage().heapUsed
}
