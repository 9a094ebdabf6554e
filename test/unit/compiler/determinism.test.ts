/** The same policies give the same bytes, whenever and wherever they are compiled; other policies give others. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileModel } from '../../../src/compiler/index.ts'
import { createEngine } from '../../../src/engine/index.ts'
import type { PolicyInput } from '../../../src/engine/types.ts'
import type { PolicyDocument } from '../../../src/policy/document.ts'
import { loadModel } from '../../../src/policy/index.ts'
import { everyFeature } from '../../support/policies.ts'

function compile(policies: PolicyInput): Uint8Array {
  return compileModel(loadModel(policies))
}

async function idOf(policies: PolicyInput): Promise<string> {
  return (await createEngine({ policies })).image.id
}

const text = JSON.stringify(everyFeature, null, 2)
const built = new URL('../../../dist/src/index.js', import.meta.url)
const head: PolicyDocument = { ...everyFeature, rules: everyFeature.rules?.slice(0, 4) ?? [] }
const tail: PolicyDocument = { version: 1, tenant: 'acme', rules: everyFeature.rules?.slice(4) ?? [] }

describe('the same policies', () => {
  test.each<[string, PolicyInput]>([
    ['an object', everyFeature],
    ['a text', text],
    ['a text with a name', { name: 'p.yaml', text }],
    ['several objects', [head, tail]],
    ['several texts', [JSON.stringify(head), JSON.stringify(tail)]],
  ])('%s, compiled twice', (_, policies) => {
    expect(compile(policies)).toEqual(compile(structuredClone(policies)))
  })

  test('one document or several of it, as long as no places are told', () => {
    expect(compile([head, tail])).toEqual(compile(everyFeature))
  })

  test('compiled after others, in an engine that has had others', async () => {
    const engine = await createEngine({ policies: { version: 1, tenant: 'acme', rules: [{ id: 'x', allow: 'y' }] } })
    await engine.replacePolicies(everyFeature)
    expect(engine.image.bytes).toEqual(compile(everyFeature))
  })

  test('an image that was loaded gives its own bytes back', async () => {
    const bytes = compile(everyFeature)
    expect((await createEngine({ image: bytes })).image.bytes).toEqual(bytes)
  })

  test('compiled by the built package in another process', async () => {
    expect(existsSync(built), 'dist/src/index.js is there; else: npm run build').toBe(true)
    const script = `
      import { createEngine } from ${JSON.stringify(built.href)}
      const { image } = await createEngine({ policies: JSON.parse(process.env.POLICIES) })
      console.log(image.id)`
    const id = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, POLICIES: text, TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8' },
      encoding: 'utf8',
    })
    expect(id.trim()).toBe(await idOf(JSON.parse(text)))
  })
})

describe('what does not matter to a decision', () => {
  /** The same document with the keys of every map the other way round, where their order says nothing. */
  function reversed(value: unknown, key = ''): unknown {
    if (Array.isArray(value)) return value.map((item) => reversed(item))
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).map(([name, part]) => [name, reversed(part, name)] as const)
    return Object.fromEntries(key === 'sets' ? entries : entries.reverse())
  }

  test('the order of keys', async () => {
    const first = await createEngine({ policies: everyFeature })
    const second = await createEngine({ policies: JSON.stringify(reversed(everyFeature)) })
    for (const name of ['doc:read', 'doc:write', 'ssh', 'deploy', 'call', 'buy', 'special:x', 'pay:now']) {
      for (const id of ['alice', 'bob', 'nobody']) {
        const request = {
          subject: { type: 'user', id },
          action: { name },
          resource: { type: 'doc', id: 'doc-1', properties: { version: '1.3.0', zone: 'eu' } },
          context: { ip: '10.0.0.1', amount: 50, name: 'aaxxb', items: [{ price: 9 }], allowed: ['a'] },
        }
        const { imageId, ...decision } = first.evaluate(request, { now: 0 })
        const { imageId: other, ...same } = second.evaluate(request, { now: 0 })
        expect({ ...same, rules: [] }).toEqual({ ...decision, rules: [] })
        expect(second.evaluate(request, { now: 0 }).rules).toEqual(first.evaluate(request, { now: 0 }).rules)
        expect(imageId).not.toBe(other)
      }
    }
  })
})

describe('other policies have another id', () => {
  const base = { version: 1, rules: [{ id: 'a', allow: 'read', when: { 'context.a': 1 } }] } as const
  const rule = base.rules[0]
  test.each<[string, PolicyDocument]>([
    ['another tenant', { ...base, tenant: 'acme' }],
    ['another rule id', { ...base, rules: [{ ...rule, id: 'b' }] }],
    ['another effect', { version: 1, rules: [{ id: 'a', deny: 'read', when: rule.when }] }],
    ['another constant', { ...base, rules: [{ ...rule, when: { 'context.a': 2 } }] }],
    ['a constant of another type', { ...base, rules: [{ ...rule, when: { 'context.a': '1' } }] }],
    ['another operator', { ...base, rules: [{ ...rule, when: { 'context.a': { neq: 1 } } }] }],
    ['another path', { ...base, rules: [{ ...rule, when: { 'context.b': 1 } }] }],
    ['a reason', { ...base, rules: [{ ...rule, because: 'so' }] }],
    ['an obligation', { ...base, rules: [{ ...rule, obligations: [{ id: 'log' }] }] }],
    ['another algorithm', { ...base, algorithm: 'allow-overrides' }],
    ['another combination', { ...base, combine: 'all' }],
    ['a role', { ...base, roles: { admin: [] } }],
    ['an entity', { ...base, entities: { subjects: [{ type: 'user', id: 'alice' }] } }],
    ['another rule', { ...base, rules: [rule, { id: 'z', allow: 'write' }] }],
  ])('%s', async (_, policies) => {
    expect(await idOf(policies)).not.toBe(await idOf(base))
  })
})
