/** engine.evaluateJson, body after body: what the core keeps of how members came never changes an answer. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import { random } from '../../property/cel-expressions.ts'
import { answerOfCore, answerOfHost } from '../../support/wire.ts'

const engine = await createEngine({
  policies: {
    version: 1,
    rules: [
      { id: 'low', allow: 'read', when: { 'context.level': { lt: 3 }, 'context.place.level': { lt: 3 } } },
      { id: 'own', allow: 'read', when: { 'subject.level': { eq: { ref: 'resource.level' } } } },
      { id: 'long', allow: 'keep', when: { 'context.a_name_that_is_longer': true } },
    ],
  },
})

/** The answer, which is the same both ways; twice, since the first time may have kept something. */
function answer(body: string): string {
  const sent = new TextEncoder().encode(body)
  const texts = [answerOfCore(engine, sent, {}).text, answerOfCore(engine, sent, {}).text]
  const wanted = answerOfHost(engine, sent, {}).text
  expect(texts, body).toEqual([wanted, wanted])
  return wanted
}

const head =
  '{"subject":{"type":"user","id":"u","properties":{"level":1}},"action":{"name":"read"},"resource":{"type":"t","id":"r"}'

function withContext(context: string): string {
  return `${head},"context":${context}}`
}

const whole = withContext('{"level":1,"place":{"level":2},"a_name_that_is_longer":false}')

describe('after a body of the same kind', () => {
  test.each([
    ['other spacing', '{ "level" : 1,\n "place":{"level": 2} }', true],
    ['more space than before', '{"level":   1,"place":{"level":\t2}}', true],
    ['another order', '{"place":{"level":2},"level":1}', true],
    ['members that nobody reads, first', '{"x":1,"level":1,"place":{"x":{"level":9},"level":2}}', true],
    ['members that nobody reads, between', '{"level":1,"x":{"place":{"level":9}},"place":{"level":2}}', true],
    ['names with escapes', '{"l\\u0065vel":1,"place":{"level":2}}', true],
    ['a longer name', '{"level":1,"place":{"level":2},"a_name_that_is_longer":true}', true],
    ['a part left out', '{"place":{"level":2}}', false],
    ['an empty object', '{}', false],
    ['other values', '{"level":1.5e0,"place":{"level":-2}}', true],
    ['values of other types', '{"level":"1","place":[]}', false],
  ])('%s', (_, context, allowed) => {
    expect(answer(whole)).toBe('{"decision":true}')
    expect(answer(withContext(context)).includes('true')).toBe(allowed)
    expect(answer(whole)).toBe('{"decision":true}')
  })

  test.each([
    ['a name twice', '{"level":1,"place":{"level":2},"level":1}'],
    ['a name twice in a row', '{"level":1,"level":1}'],
    ['a name twice, once with escapes', '{"level":1,"place":{"level":2},"\\u006cevel":1}'],
    ['a name twice that nobody reads', '{"x":1,"level":1,"x":1}'],
    ['a brace in place of a comma', '{"x":1{"level":1,"place":{"level":2}}'],
    ['a brace in place of a comma, after what is read', '{"level":1{"level":1}'],
    ['a comma in place of a brace', ',"level":1}'],
    ['a comma after the brace', '{,"place":{"level":2}}'],
    ['a comma before the brace', '{"level":1,}'],
    ['two commas', '{"level":1,,"place":{"level":2}}'],
    ['no comma', '{"level":1"place":{"level":2}}'],
    ['no colon', '{"level"1,"place":{"level":2}}'],
    ['no value', '{"level":,"place":{"level":2}}'],
    ['no end', '{"level":1,"place":'],
    ['an object that is not closed', '{"level":1,"place":{"level":2}'],
  ])('refuses %s', (_, context) => {
    expect(answer(whole)).toBe('{"decision":true}')
    expect(answer(withContext(context))).toBe('E_REQUEST')
    expect(answer(whole)).toBe('{"decision":true}')
  })
})

test('bodies put together of pieces of others', () => {
  const kinds = [
    whole,
    withContext('{"x":1,"level":1,"y":"z","place":{"x":1,"level":2,"y":2}}'),
    withContext('{ "place": { "level": 2 }, "level": 1 }'),
    `{"context":{"level":1,"place":{"level":1}},${head.slice(1)}}`,
  ]
  const next = random(7)
  const pick = (count: number) => Math.floor(next() * count)
  /** What stands between names, values and braces, so that pieces often fit. */
  const pieces = kinds.map((kind) => kind.split(/(?<=[{},:])/))
  let refused = 0
  const rounds = 4000
  for (let i = 0; i < rounds; i++) {
    const [one, other] = [pieces[pick(pieces.length)] ?? [], pieces[pick(pieces.length)] ?? []]
    const cut = pick(one.length)
    const body = [...one.slice(0, cut), ...other.slice(Math.max(0, cut + pick(5) - 2))].join('')
    if (answer(body).startsWith('E_')) refused++
  }
  expect(refused).toBeGreaterThan(rounds / 10)
  expect(refused).toBeLessThan((rounds * 9) / 10)
})
