/** Quick tests leave out candidates that surely do not apply: no decision may differ for it, and what is wrong in them is refused. */
import { describe, expect, test } from 'vitest'
import { Tag } from '../../../assembly/abi/frame.ts'
import { LoadFault, Section } from '../../../assembly/abi/image.ts'
import { Block, Candidate, MaskBits, QuickTest } from '../../../assembly/abi/rules.ts'
import { createRandom } from '../../../bench/random.ts'
import { createEngine } from '../../../src/engine/index.ts'
import type { PolicyDocument, Rule, Test } from '../../../src/policy/document.ts'
import { referenceEvaluate } from '../../reference/decide.ts'
import { askDamaged, craft, load, wordsOf } from './images.ts'

/** A condition by attributes; without any the rule always applies. */
type When = Readonly<Record<string, Test>>

const request = (context: Record<string, unknown>) => ({
  subject: { type: 'user', id: 'ann' },
  action: { name: 'read' },
  resource: { type: 'page', id: '1' },
  context,
})

/** One rule for each condition, all for the same action: effects in turn, so that denials that cannot be evaluated are among them. */
function policiesOf(conditions: readonly When[]): PolicyDocument {
  return {
    version: 1,
    rules: conditions.map((tests, i): Rule => {
      const when = Object.keys(tests).length > 0 ? { when: tests } : {}
      return i % 4 === 3 ? { id: `r${i}`, deny: 'read', ...when } : { id: `r${i}`, allow: 'read', ...when }
    }),
  }
}

/** How many quick tests each candidate of the only key has. */
async function testsOf(conditions: readonly When[]): Promise<number> {
  const { bytes } = (await createEngine({ policies: policiesOf(conditions) })).image
  const words = new Uint32Array(bytes.slice().buffer)
  const [block] = wordsOf(Section.Blocks, words)
  return (words[block]! >>> MaskBits.QuickTests) & 3
}

async function expectAgreement(conditions: readonly When[], contexts: readonly Record<string, unknown>[]) {
  const policies = policiesOf(conditions)
  const engine = await createEngine({ policies })
  for (const context of contexts) {
    const { status, code, rules } = engine.evaluate(request(context))
    const expected = referenceEvaluate(policies, request(context))
    expect({ context, status, code, rules }).toEqual({
      context,
      status: expected.status,
      code: expected.code,
      rules: expected.rules,
    })
  }
}

describe('a key has quick tests', () => {
  const mfa = { 'context.mfa': true }
  test.each<[string, readonly When[], number]>([
    ['not for two rules', [mfa, mfa], 0],
    ['one for three rules of one comparison', [mfa, { 'context.n': 4 }, { 'context.n': { lt: 5 } }], 1],
    ['two for rules of more', Array(3).fill({ ...mfa, 'context.n': { lt: 5 }, 'context.zone': 'eu' }), 2],
    ['as many as its rules have on average', [{ ...mfa, 'context.n': { lt: 5 } }, mfa, mfa, mfa, mfa], 2],
    ['none where nothing is compared with a constant', Array(3).fill({ 'context.a': { eq: { ref: 'context.b' } } }), 0],
    ['none after what may take steps', Array(3).fill({ 'context.a': { contains: 'x' }, 'context.n': 4 }), 0],
    ['before what may take steps', Array(3).fill({ 'context.n': 4, 'context.a': { contains: 'x' } }), 1],
    ['for whole numbers', [4, 5, 6].map((n) => ({ 'context.n': n })), 1],
    ['not for equality with numbers that no f32 is', [0.1, 0.2, 0.3].map((n) => ({ 'context.n': n })), 0],
    ['for rules of which some have no condition', [{}, mfa, mfa], 1],
  ])('%s', async (_, conditions, tests) => {
    expect(await testsOf(conditions)).toBe(tests)
  })
})

const whole = 9_007_199_254_740_991
const numbers = [0, -0, 1, -1, 0.1, -0.1, 16_777_216, 16_777_217, -16_777_217, 1e-50, -1e-50, 5e-324, whole, -whole]

describe('numbers that no f32 is', () => {
  test.each(['gt', 'gte', 'lt', 'lte'] as const)('%s', async (operator) => {
    const conditions = numbers.map((bound): When => ({ 'context.n': { [operator]: bound } }))
    expect(await testsOf(conditions)).toBe(1)
    await expectAgreement(
      conditions,
      [...numbers, 2, 2 ** 53, -3.5e38, Number.MAX_VALUE].map((n) => ({ n })),
    )
  })

  test('equal', async () => {
    const conditions = numbers.map((n): When => ({ 'context.n': n }))
    expect(await testsOf(conditions)).toBe(1)
    await expectAgreement(
      conditions,
      [...numbers, 2, 2 ** 53].map((n) => ({ n })),
    )
  })
})

test('strings whose ids agree in their lowest bits', async () => {
  const names = Array.from({ length: 70 }, (_, i) => `name-${i}`)
  await expectAgreement(
    names.map(
      (name, i): When => (i % 2 ? { 'context.a': name } : { 'context.a': { in: [name, `name-${(i + 37) % 70}`] } }),
    ),
    [...names, 'of nobody'].map((a) => ({ a })),
  )
})

test('values of every type for tests of every type', async () => {
  const conditions: When[] = [
    { 'context.a': 'x' },
    { 'context.a': { in: ['x', 'y'] } },
    { 'context.a': true },
    { 'context.a': false },
    { 'context.a': 1 },
    { 'context.a': { gt: 0 } },
    { 'context.a': null },
    { 'context.a': 'x', 'context.b': 'x' },
  ]
  const values = ['x', 'y', 'z', '', true, false, 0, 1, 2, null, [], ['x'], {}, { x: 1 }]
  const contexts = [{}, ...values.flatMap((a) => [{ a }, { a, b: 'x' }, { b: a }])]
  for (let first = 0; first < conditions.length; first++) {
    // Each of them as the denial, too.
    await expectAgreement([...conditions.slice(first), ...conditions.slice(0, first)], contexts)
  }
})

test('random rules under one key agree with the reference evaluator', async () => {
  const { integer, pick, sample } = createRandom(31)
  const strings = Array.from({ length: 40 }, (_, i) => `s${i}`)
  const paths = ['a', 'b', 'c', 'd']
  const makeTest = (): Test =>
    pick<() => Test>([
      () => pick(strings),
      () => ({ in: sample(strings, 1 + integer(4)) }),
      () => integer(2) === 0,
      () => integer(4) / 2,
      () => ({ [pick(['gt', 'gte', 'lt', 'lte'])]: integer(4) + integer(3) / 10 }),
      () => ({ [pick(['eq', 'lte', 'contains'])]: { ref: `context.${pick(paths)}` } }),
      () => ({ glob: 's1*' }),
    ])()
  const makeValue = (): unknown =>
    pick<() => unknown>([
      () => pick(strings),
      () => integer(2) === 0,
      () => integer(5) / 2,
      () => null,
      () => ['s1'],
      () => 's99',
    ])()
  for (let run = 0; run < 150; run++) {
    const conditions = Array.from(
      { length: 3 + integer(12) },
      (): When => Object.fromEntries(sample(paths, integer(4)).map((path) => [`context.${path}`, makeTest()])),
    )
    const contexts = Array.from({ length: 40 }, () =>
      Object.fromEntries(sample(paths, 1 + integer(4)).map((path) => [path, makeValue()])),
    )
    await expectAgreement(conditions, contexts)
  }
})

test('candidates of several keys are logged where those of the next are sieved', async () => {
  const { integer, pick } = createRandom(33)
  const targets: Partial<Rule>[] = [
    { to: { role: 'a' } },
    { to: { role: 'b' } },
    { on: 'page' },
    { on: 'page', to: { role: 'c' } },
    {},
  ]
  const roles = ['a', 'b', 'c']
  for (let run = 0; run < 60; run++) {
    const rules = Array.from({ length: 12 + integer(30) }, (_, i) => {
      const when = {
        'context.n': pick<Test>([{ lt: integer(6) }, { gte: integer(6) }, integer(6)]),
        'context.b': pick([true, false]),
      }
      const effect = integer(8) === 0 ? 'deny' : 'allow'
      return { id: `r${i}`, [effect]: 'read', ...pick(targets), when } as Rule
    })
    const policies: PolicyDocument = { version: 1, roles: { a: [], b: [], c: [] }, rules }
    const engine = await createEngine({ policies })
    for (let asked = 0; asked < 40; asked++) {
      const subject = { type: 'user', id: 'ann', properties: { roles: roles.filter(() => integer(2) === 0) } }
      const question = { ...request({ n: integer(7), ...(integer(5) > 0 && { b: integer(2) === 0 }) }), subject }
      const expected = referenceEvaluate(policies, question)
      expect(engine.evaluate(question)).toMatchObject({
        status: expected.status,
        code: expected.code,
        rules: expected.rules,
      })
    }
  }
})

test('an evaluation that would pass a limit is not left out for a quick test behind it', async () => {
  const conditions = [0, 1, 2].map(
    (n): When => ({ 'context.a': { contains_all: { ref: 'context.b' } }, 'context.n': n }),
  )
  const engine = await createEngine({ policies: policiesOf(conditions) })
  const a = Array.from({ length: 5000 }, (_, i) => `s${i}`)
  expect(engine.evaluate(request({ a, b: [...a].reverse(), n: -1 })).code).toBe('limit')
})

describe('in an image', () => {
  const three = [1, 2, 3].map((n): When => ({ 'context.n': { lt: n }, 'context.a': 'x' }))
  const build = async () => (await createEngine({ policies: policiesOf(three) })).image.bytes

  test('a quick test says where the value is, its type and what may hold', async () => {
    const words = new Uint32Array((await build()).slice().buffer)
    const [block] = wordsOf(Section.Blocks, words)
    const view = new DataView(words.buffer)
    const first = (block + Block.Own) * 4 + 3 * 16
    expect(view.getUint8(first + QuickTest.Tag)).toBe(Tag.String)
    expect(view.getUint8(first + QuickTest.Outcomes)).toBe(0b101010)
    const second = first + QuickTest.Size
    expect(view.getUint8(second + QuickTest.Tag)).toBe(Tag.Number)
    expect(view.getUint8(second + QuickTest.Outcomes)).toBe(0b000011)
    expect(view.getFloat32(second + QuickTest.Operand, true)).toBe(1)
  })

  test.each<[string, (words: Uint32Array, block: number) => void]>([
    ['of a cell beyond the frame', (words, block) => (words[block + Block.Own + 12]! |= 0xfff0)],
    ['one more each', (words, block) => (words[block] = words[block]! + (1 << MaskBits.QuickTests))],
    ['one less each', (words, block) => (words[block] = words[block]! - (1 << MaskBits.QuickTests))],
    ['none', (words, block) => (words[block] = words[block]! & ~(3 << MaskBits.QuickTests))],
    [
      'in place of a node',
      (words, block) => (words[block + Block.Own + Candidate.Code] = words[block + Block.Own + Candidate.Code]! - 8),
    ],
  ])('%s is refused', async (_, change) => {
    const bytes = await build()
    const damaged = craft(bytes, (words) => change(words, wordsOf(Section.Blocks, words)[0]))
    expect(load(bytes)).toBe(LoadFault.None)
    expect(load(damaged)).toBe(LoadFault.Code)
  })

  test('random words in them never trap', async () => {
    const requests = [{}, { n: 0, a: 'x' }, { n: true, a: [] }].map(request)
    const damage = { sections: [Section.Blocks, Section.Candidates], runs: 2000, seed: 32, requests }
    const many = Array.from({ length: 40 }, (_, n): When => ({ 'context.n': { lt: n }, 'context.a': 'x' }))
    const { bytes } = (await createEngine({ policies: policiesOf(many) })).image
    const { taken, trapped } = await askDamaged(bytes, damage)
    expect(trapped).toBe(0)
    expect(taken).toBeGreaterThan(100)
  }, 60_000)
})
