import { describe, expect, it } from 'vitest'
import { compileMapping, isPermitted } from '../../../src/authzen/coaz/mapping.ts'
import { createMcpMapper } from '../../../src/authzen/coaz/mcp.ts'
import { createEngine } from '../../../src/engine/index.ts'
import { createApp } from '../../../src/service/app.ts'
import { post } from '../../service/support.ts'

const inputs = ['params', 'token']
const token = { sub: 'ann', client_id: 'https://agents.example.com/1', aud: 'https://mcp.example.com', iss: 'i' }
const params = {
  name: 'get_customer',
  arguments: { id: 'c-1', 'customer-id': 'c-2', amount: 12_000, tags: ['a', 'b'], none: null },
}
const base = {
  subject: { type: 'identity', id: '$token.sub' },
  action: { name: 'read' },
  resource: { type: 'document', id: '$params.arguments.id' },
}
const resolve = (mapping: unknown, values: object = { params, token }) =>
  compileMapping(mapping, inputs).resolve({ ...values })
const contextOf = (context: object) => resolve({ evaluation: { ...base, context } }).body.context

describe('a COAZ mapping', () => {
  it('has literals, and expressions over the inputs', () => {
    expect(resolve({ evaluation: base })).toEqual({
      api: 'evaluation',
      body: {
        subject: { type: 'identity', id: 'ann' },
        action: { name: 'read' },
        resource: { type: 'document', id: 'c-1' },
      },
    })
    expect(
      contextOf({
        urn: "$'urn:doc:' + params.arguments.id",
        risk: "$params.arguments.amount > 10000 ? 'high' : 'standard'",
        dashed: '$params.arguments["customer-id"]',
        list: '$params.arguments.tags.map(t, t + "!")',
        map: `$${'{"a": token.sub, "b": token.?nothing}'}`,
        whole: '$size(params.arguments.tags)',
        null: '$params.arguments.none',
        price: '$$50',
        inside: 'a$b',
        number: 10,
        flag: true,
        nested: [{ id: '$token.sub' }, 'x'],
      }),
    ).toEqual({
      urn: 'urn:doc:c-1',
      risk: 'high',
      dashed: 'c-2',
      list: ['a!', 'b!'],
      map: { a: 'ann' },
      whole: 2,
      null: null,
      price: '$50',
      inside: 'a$b',
      number: 10,
      flag: true,
      nested: [{ id: 'ann' }, 'x'],
    })
  })

  it('leaves out what is absent', () => {
    expect(contextOf({ agent: '$token.?client_id', azp: '$token.?azp' })).toEqual({ agent: token.client_id })
    // In raw literals a backslash is one, before quotes, too.
    const raw = { a: String.raw`$r"\" + r'a\d'`, b: String.raw`$token.sub in [r"\", "] //"]` }
    expect(contextOf(raw)).toEqual({ a: String.raw`\a\d`, b: false })
  })

  it('asks for several decisions, with defaults', () => {
    const { subject, action } = base
    const entries = [
      { resource: { type: 'folder', id: '$params.arguments.id' } },
      { action: { name: 'write' }, resource: { type: 'folder', id: "$params.arguments['customer-id']" } },
    ]
    expect(resolve({ evaluations: { subject, action, evaluations: entries } })).toEqual({
      api: 'evaluations',
      body: {
        subject: { type: 'identity', id: 'ann' },
        action: { name: 'read' },
        evaluations: [
          { resource: { type: 'folder', id: 'c-1' } },
          { action: { name: 'write' }, resource: { type: 'folder', id: 'c-2' } },
        ],
      },
    })
  })

  it.each([
    [{}, 'a mapping has one member'],
    [[], 'a mapping has one member'],
    [{ evaluation: base, evaluations: {} }, 'a mapping has one member'],
    [{ search: base }, '"search" is no API'],
    [{ evaluation: '$params' }, 'evaluation must be an object'],
    [{ evaluations: { ...base, evaluations: [] } }, 'one or more'],
    [{ evaluations: { ...base, evaluations: '$params.arguments.tags' } }, 'one or more'],
    [{ evaluations: { ...base, evaluations: [{}, '$params.?nothing'] } }, 'one or more'],
    [{ evaluation: { ...base, action: { name: '$' } } }, 'evaluation.action.name: '],
    [{ evaluation: { ...base, action: { name: '$token.' } } }, 'evaluation.action.name: '],
    [{ evaluation: { ...base, action: { name: '$secrets.key' } } }, 'Unknown variable: secrets'],
    [{ evaluation: { ...base, action: { name: '$params.name.matches("(a+)+$") ? "a" : "b"' } } }, 'matches is not'],
    [{ evaluation: { ...base, action: { name: '$params.a.map(x, x.map(y, y))' } } }, 'one list macro inside another'],
    [{ evaluation: { ...base, action: { name: `$${'1+'.repeat(2000)}1` } } }, 'longer than 2000'],
    [{ evaluation: { ...base, action: { name: `$${'1+'.repeat(900)}1` } } }, 'evaluation.action.name: '],
  ])('is refused when it is none: %j', (mapping, message) => {
    let error: unknown
    try {
      compileMapping(mapping, inputs)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ code: 'E_MAPPING', message: expect.stringContaining(message) })
  })

  it.each([
    [{ id: '$params.arguments.missing' }, 'No such key'],
    [{ id: '$params.?missing' }, 'resource.id is missing'],
    [{ id: '$params.arguments.none' }, 'resource.id is null'],
    [{ id: '$params.arguments.amount' }, 'resource.id is a number'],
    [{ id: '$params.arguments' }, 'resource.id is an object'],
    [{ id: "$timestamp('2026-01-01T00:00:00Z')" }, 'JSON does not have'],
    [{ id: "$b'abc'" }, 'JSON does not have'],
    [{ id: '$9007199254740993' }, 'JSON does not have'],
    [{ id: '$0.0 / 0.0' }, 'JSON does not have'],
    [{ id: '$params.constructor' }, 'No such key'],
    [{ id: '$params.__proto__' }, 'No such key'],
  ])('has no request for %j', (resource, message) => {
    const mapping = { evaluation: { ...base, resource: { type: 'document', ...resource } } }
    expect(() => resolve(mapping)).toThrow(message)
  })

  it('sees the declared inputs alone', () => {
    const mapping = compileMapping({ evaluation: base }, inputs)
    expect(mapping.resolve({ params, token, secrets: { key: 1 } }).api).toBe('evaluation')
  })
})

describe('permission', () => {
  const one = resolve({ evaluation: base })
  const two = resolve({ evaluations: { ...base, evaluations: [{}, {}] } })

  it('needs every decision that was asked for', () => {
    expect(isPermitted(one, { decision: true })).toBe(true)
    expect(isPermitted(two, { evaluations: [{ decision: true }, { decision: true }] })).toBe(true)
    for (const answer of [
      null,
      {},
      [],
      { decision: false },
      { decision: 'true' },
      { evaluations: [{ decision: true }] },
    ]) {
      expect(isPermitted(one, answer)).toBe(false)
      expect(isPermitted(two, answer)).toBe(false)
    }
    expect(isPermitted(two, { decision: true })).toBe(false)
    expect(isPermitted(two, { evaluations: [{ decision: true }, { decision: false }] })).toBe(false)
  })

  it('cannot be had by a semantic that stops early', () => {
    const options = { evaluations_semantic: '$"permit_on_first_" + "permit"' }
    expect(() => resolve({ evaluations: { ...base, options, evaluations: [{}] } })).toThrow('evaluations_semantic')
  })
})

describe('COAZ-MCP', () => {
  const mapper = createMcpMapper()
  const asked = (method: string, more: object = {}) => {
    const question = mapper.map({ method, params: more }, token)
    return question.kind === 'ask' ? question.request.body : question
  }
  const server = { type: 'mcp_server', id: 'https://mcp.example.com' }

  it.each([
    ['initialize', { protocolVersion: '2026-07-28' }, server],
    ['tools/list', {}, server],
    ['tools/call', { name: 'get' }, { type: 'tool', id: 'get' }],
    ['resources/list', {}, server],
    ['resources/read', { uri: 'file:///a' }, { type: 'resource', id: 'file:///a' }],
    ['resources/subscribe', { uri: 'file:///a' }, { type: 'resource', id: 'file:///a' }],
    ['prompts/list', {}, server],
    ['prompts/get', { name: 'p' }, { type: 'prompt', id: 'p' }],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'p' } }, { type: 'prompt', id: 'p' }],
    ['completion/complete', { ref: { type: 'ref/resource', uri: 'u' } }, { type: 'resource', id: 'u' }],
    ['logging/setLevel', { level: 'debug' }, server],
    ['tasks/get', { taskId: 't' }, { type: 'task', id: 't' }],
    ['tasks/list', {}, server],
  ])('has a default mapping for %s %j', (method, more, resource) => {
    expect(asked(method, more)).toMatchObject({
      subject: { type: 'identity', id: 'ann' },
      action: { name: method },
      resource,
      context: { agent: token.client_id },
    })
  })

  it('lets pings and notifications pass, and denies what it does not know', () => {
    expect(asked('ping')).toEqual({ kind: 'pass' })
    expect(asked('notifications/cancelled')).toEqual({ kind: 'pass' })
    for (const method of ['tools/destroy', 'sampling/createMessage', '', '__proto__', 'constructor']) {
      expect(asked(method), method).toEqual({ kind: 'deny' })
    }
  })

  it('refuses what the mapping has no request for', () => {
    expect(() => asked('tools/call')).toThrow('No such key')
    expect(() => mapper.map({ method: 'tools/list' }, { aud: 'x' })).toThrow('No such key')
    expect(() => mapper.map({ method: 'tools/list' }, { sub: 'ann' })).toThrow('No such key')
  })

  it('takes the one audience that is this server', () => {
    const several = { ...token, aud: ['https://other', 'https://mcp.example.com'] }
    expect(() => mapper.map({ method: 'tools/list' }, several)).toThrow('several audiences')
    const configured = createMcpMapper({ serverId: 'https://mcp.example.com' })
    expect(configured.map({ method: 'tools/list' }, several)).toMatchObject({ request: { body: { resource: server } } })
    expect(() => configured.map({ method: 'tools/list' }, { ...token, aud: 'https://other' })).toThrow(
      'not for this server',
    )
  })

  const tool = (mapping: unknown, name = 'get_customer') => ({ name, inputSchema: { 'x-authzen-mapping': mapping } })
  const call = { method: 'tools/call', params }

  it('prefers what the tool declares', () => {
    expect(mapper.map(call, token, tool({ evaluation: base }))).toMatchObject({
      kind: 'ask',
      request: { body: { action: { name: 'read' }, resource: { type: 'document', id: 'c-1' } } },
    })
    const plain = mapper.map(call, token, { name: 'get_customer', inputSchema: {} })
    expect(plain).toMatchObject({ request: { body: { resource: { type: 'tool', id: 'get_customer' } } } })
    expect(() => mapper.map(call, token, tool({ evaluation: base }, 'other'))).toThrow('not the one that is called')
    expect(() => mapper.map(call, token, tool('evaluation'))).toThrow('no object')
  })

  it('takes nobody else for the one who asks', () => {
    for (const subject of [
      { type: 'identity', id: 'admin' },
      { type: 'identity', id: '$params.arguments.id' },
      { type: 'identity', id: '$token.sub', properties: { roles: ['admin'] } },
      { type: 'identity', id: '$token.sub', on_behalf_of: { type: 'user', id: 'admin' } },
    ]) {
      expect(() => mapper.map(call, token, tool({ evaluation: { ...base, subject } }))).toThrow(/subject/)
      const entries = { evaluations: { ...base, evaluations: [{}, { subject }] } }
      expect(() => mapper.map(call, token, tool(entries))).toThrow(/subject/)
    }
    const trusting = createMcpMapper({ trustDeclaredSubjects: true })
    const subject = { ...base.subject, properties: { desk: '$params.name' } }
    expect(trusting.map(call, token, tool({ evaluation: { ...base, subject } }))).toMatchObject({ kind: 'ask' })
  })

  it('names the principal by another claim', () => {
    const onBehalf = createMcpMapper({ subjectClaim: 'obo-user' })
    const claims = { ...token, sub: 'agent-7', 'obo-user': 'ann' }
    expect(onBehalf.map({ method: 'tools/list' }, claims)).toMatchObject({
      request: { body: { subject: { type: 'identity', id: 'ann' } } },
    })
  })

  it('gets decisions of the PDP', async () => {
    const engine = await createEngine({
      policies: { version: 1, rules: [{ id: 'reads', allow: 'read', on: 'document', to: { type: 'identity' } }] },
    })
    const app = createApp({ engine })
    const entries = [{}, { action: { name: 'write' } }]
    for (const [mapping, permitted] of [
      [{ evaluation: base }, true],
      [{ evaluation: { ...base, action: { name: 'write' } } }, false],
      [{ evaluations: { ...base, evaluations: [{}, {}] } }, true],
      [{ evaluations: { ...base, evaluations: entries } }, false],
    ] as const) {
      const question = mapper.map(call, token, tool(mapping))
      if (question.kind !== 'ask') throw new Error('nothing to ask')
      const { api, body } = question.request
      const answer = await post(app, `/access/v1/${api}`, body)
      expect(answer.status).toBe(200)
      expect(isPermitted(question.request, answer.body)).toBe(permitted)
    }
  })
})
