/** engine.evaluateJson: what it refuses, and where the core needs more than a body usually asks for. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import type { Engine } from '../../../src/engine/types.ts'
import { answerOfCore, answerOfHost } from '../../support/wire.ts'

const engine = await createEngine({
  policies: {
    version: 1,
    tenant: 'acme',
    roles: { admin: ['editor'], editor: [] },
    rules: [
      { id: 'edit', allow: 'edit', to: { role: 'editor' }, obligations: [{ id: 'log' }], advice: [{ id: 'tell' }] },
      { id: 'shut', deny: 'shut', when: { 'context.shut': true }, because: 'it is "shut"\n日本' },
      { id: 'a "b"\\', review: 'ask' },
      { id: 'many', review: 'ask' },
      { id: 'same', allow: 'same', when: { 'context.a': { contains_any: { ref: 'context.b' } } } },
      { id: 'trusted', allow: 'trust', when: { 'subject.level': { gte: 3, trusted: true } } },
      { id: 'folded', allow: 'fold', when: { 'context.a': { eq: 'STRASSE ΣÄ', ignore_case: true } } },
      { id: 'whole', allow: 'map', when: 'context.m.map(k, k) == ["1", "10", "b", "a"]' },
    ],
  },
})

const parts = '"subject":{"type":"user","id":"ann"},"action":{"name":"edit"},"resource":{"type":"doc","id":"d1"}'
const bytes = (text: string) => new TextEncoder().encode(text)

/** The answer, which is the same both ways. */
function answer(body: string | Uint8Array, of: Engine = engine, options = {}): string {
  const sent = typeof body === 'string' ? bytes(body) : body
  const { text } = answerOfCore(of, sent, options)
  expect(text).toBe(answerOfHost(of, sent, options).text)
  return text
}

function body(action: string, more: Record<string, unknown> = {}, properties: Record<string, unknown> = {}): string {
  const subject = { type: 'user', id: 'ann', properties }
  return JSON.stringify({ subject, action: { name: action }, resource: { type: 'doc', id: 'd1' }, ...more })
}

describe('answers', () => {
  test('carry duties, reasons and rules as the service has them', () => {
    expect(answer(body('edit', {}, { roles: ['admin'] }))).toBe(
      '{"decision":true,"context":{"obligations":[{"id":"log"}],"advice":[{"id":"tell"}]}}',
    )
    expect(answer(body('shut', { context: { shut: true } }))).toContain(
      '"reason":"it is \\"shut\\"\\n日本","rules":["shut"]',
    )
    expect(JSON.parse(answer(body('ask'))).context).toMatchObject({
      status: 'review',
      reason: 'review by "a "b"\\", "many"',
      rules: ['a "b"\\', 'many'],
    })
    expect(answer(body('edit', { tenant: 'other' }))).toContain('unknown_tenant')
    expect(answer(body('edit', { tenant: 'acme', state: { session: { roles: [] } } }, { roles: 'admin' }))).toContain(
      'true',
    )
  })

  test('are the caller’s: the next call changes nothing in them', () => {
    const first = engine.evaluateJson(bytes(body('x')))
    const copy = first.slice()
    engine.evaluateJson(bytes(body('edit', {}, { roles: ['admin'] })))
    expect(first).toEqual(copy)
  })

  test('go where the caller wants them, if they fit', () => {
    const { length } = engine.evaluateJson(bytes(body('x')))
    const into = new Uint8Array(length)
    const fitting = engine.evaluateJson(bytes(body('x')), { into })
    expect(fitting.buffer).toBe(into.buffer)
    expect(fitting).toEqual(engine.evaluateJson(bytes(body('x'))))
    const roomy = new Uint8Array(100).fill(7)
    const allowed = engine.evaluateJson(bytes(body('edit', {}, { roles: ['admin'] })), { into: roomy.subarray(5, 95) })
    expect(allowed).toHaveLength(
      '{"decision":true,"context":{"obligations":[{"id":"log"}],"advice":[{"id":"tell"}]}}'.length,
    )
    expect(allowed.byteOffset).toBe(5)
    // Nothing around the answer is touched.
    expect([...roomy.subarray(0, 5), ...roomy.subarray(5 + allowed.length)].every((byte) => byte === 7)).toBe(true)
    const tight = new Uint8Array(length - 1).fill(7)
    const fresh = engine.evaluateJson(bytes(body('x')), { into: tight })
    expect(fresh.buffer).not.toBe(tight.buffer)
    expect(fresh).toEqual(fitting)
    expect(tight.every((byte) => byte === 7)).toBe(true)
    expect(() => engine.evaluateJson(bytes(body('x')), { into: [] as never })).toThrow(
      'body and into must be Uint8Arrays',
    )
  })

  test('go where they are wanted this time, whatever was wanted before', () => {
    const allowed = body('edit', {}, { roles: ['admin'] })
    const [first, second] = [new Uint8Array(300), new Uint8Array(300)]
    const places = [first, second, first, second, first.subarray(20)]
    for (const text of [body('x'), allowed, allowed, body('x')]) {
      const expected = engine.evaluateJson(bytes(text))
      for (const into of places) {
        const answer = engine.evaluateJson(bytes(text), { into })
        expect(answer).toEqual(expected)
        expect([answer.buffer, answer.byteOffset]).toEqual([into.buffer, into.byteOffset])
      }
    }
  })

  test('may go where the body was', () => {
    const memory = new Uint8Array(500)
    const { written } = new TextEncoder().encodeInto(body('shut', { context: { shut: true } }), memory)
    const answer = engine.evaluateJson(memory.subarray(0, written), { into: memory })
    expect(new TextDecoder().decode(answer)).toContain('"rules":["shut"]')
  })

  test('fold and order as JavaScript does', () => {
    expect(answer(body('fold', { context: { a: 'straSSe σä' } }))).toBe('{"decision":true}')
    expect(answer(body('map', { context: { m: { b: 1, 10: 1, a: 1, 1: 1 } } }))).toBe('{"decision":true}')
    expect(
      answer(`{"context":{"m":{"b":1,"10":1,"\\u0061":1,"\\u0031":1}},${parts.replace('edit', 'map')}}`),
    ).toContain('true')
  })

  test('with marks come of objects, and of well-formed bodies only', () => {
    const options = { untrusted: ['subject.level'] }
    expect(answer(body('trust', {}, { level: 5 }))).toBe('{"decision":true}')
    expect(answer(body('trust', {}, { level: 5 }), engine, options)).toContain('no_match')
    expect(answer(`{"x":1,"x":2,${parts}}`, engine, options)).toBe('E_REQUEST')
  })
})

describe('what is refused', () => {
  test.each([
    ['nothing', '', 'one JSON object'],
    ['a list', '[]', 'one JSON object'],
    ['something after it', `{${parts}} 1`, 'one JSON object'],
    ['a comma too many', `{${parts},}`, 'one JSON object'],
    ['a control character', `{${parts},"x":"\n"}`, 'one JSON object'],
    ['an unknown escape', `{${parts},"x":"\\x"}`, 'one JSON object'],
    ['a name twice', `{${parts},"x":{"a":1,"\\u0061":2}}`, 'twice'],
    ['a name twice among many', `{${parts},"x":{${Array.from({ length: 99 }, (_, i) => `"k${i % 98}":1`)}}}`, 'twice'],
    ['half of a pair', `{${parts},"x":"\\ud83d"}`, 'surrogate'],
    ['a pair the wrong way round', `{${parts},"x":"\\ude00\\ud83d"}`, 'surrogate'],
    ['too large a number', `{${parts},"x":-1e309}`, 'double'],
    ['65 levels', `{${parts},"x":${'['.repeat(64)}${']'.repeat(64)}}`, 'deeper'],
    ['no subject', '{}', 'subject'],
    ['a subject of another type', `{${parts.replace('{"type":"user","id":"ann"}', 'null')}}`, 'subject'],
    ['no id', `{${parts.replace(',"id":"d1"', '')}}`, 'resource.id'],
    ['a context of another type', `{${parts},"context":[]}`, 'context'],
    ['roles of another form', body('edit', {}, { roles: [{ role: 'admin' }] }), 'roles'],
    [
      'a delegator without id',
      body('edit').replace('"id":"ann"', '"id":"ann","on_behalf_of":{"type":"user"}'),
      'on_behalf_of',
    ],
  ])('%s', (_, text, words) => {
    expect(answer(text)).toBe('E_REQUEST')
    expect(() => engine.evaluateJson(bytes(text))).toThrow(words)
  })

  test('bytes that are no UTF-8', () => {
    for (const wrong of [
      [0x80],
      [0xc0, 0xaf],
      [0xe0, 0x80, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xe2, 0x82],
    ]) {
      const text = bytes(`{${parts},"x":"@"}`)
      const at = text.indexOf(0x40)
      const sent = new Uint8Array([...text.slice(0, at), ...wrong, ...text.slice(at + 1)])
      expect(answer(sent)).toBe('E_REQUEST')
      expect(() => engine.evaluateJson(sent)).toThrow('UTF-8')
    }
  })

  test('a chain that is too long', () => {
    const chain = Array.from({ length: 6 }, (_, i) => ({ type: 'user', id: `u${i}` }))
    const sent = body('edit').replace('"id":"ann"', `"id":"ann","delegation_chain":${JSON.stringify(chain)}`)
    expect(answer(sent)).toBe('E_CHAIN_DEPTH')
  })

  test('what is no bytes', () => {
    expect(() => engine.evaluateJson('{}' as unknown as Uint8Array)).toThrow('Uint8Array')
  })
})

describe('large bodies', () => {
  test('make memory grow, and objects are decided as before', () => {
    const text = body('same', { context: { a: ['x'.repeat(3_000_000), 'y'], b: ['z', 'y'] } })
    expect(answer(text)).toBe('{"decision":true}')
    expect(engine.evaluate(JSON.parse(text)).decision).toBe(true)
  })

  test('pass the same limits', () => {
    const items = (count: number) => Array.from({ length: count }, (_, i) => `i${i}`)
    expect(answer(body('same', { context: { a: items(40_000), b: ['i7'] } }))).toBe('{"decision":true}')
    expect(answer(body('same', { context: { a: items(40_000), b: items(40_000) } }))).toContain('"limit"')
    expect(answer(body('edit', {}, { roles: items(1000).concat('admin') }))).toContain('"decision":true')
  })

  test('with 64 levels, a byte order mark, white space everywhere', () => {
    expect(answer(`{${parts},"x":${'['.repeat(63)}${']'.repeat(63)}}`)).toContain('no_match')
    expect(answer(`\ufeff \n{${parts}\t}\r\n`)).toContain('no_match')
  })
})
