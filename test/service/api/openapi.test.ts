/** The OpenAPI document: valid, whole, true to what is answered, and the client's types made of it. */
import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import type { TSchema } from 'typebox'
import { Check, Errors } from 'typebox/schema'
import { describe, expect, it } from 'vitest'
import { clientTypes } from '../../../scripts/client-types.ts'
import { decisionDescriptions } from '../../../src/service/api/operations.ts'
import { authzenOperations } from '../../../src/service/authzen-operations.ts'
import { allOperations, serviceDocument } from '../../../src/service/document.ts'
import { describeService, serviceVersion } from '../../../src/service/openapi.ts'
import { servedAt } from '../../../src/service/operation/openapi.ts'
import type { Description } from '../../../src/service/operation/operation.ts'
import { closed } from '../closed.ts'
import { postInit } from '../support.ts'
import { apiUnderTest } from './support.ts'

type Json = { readonly [name: string]: unknown }

describe('the document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator()
    const result = await validator.validate(structuredClone(serviceDocument('https://authz.example.com')))
    expect(result.errors).toBeUndefined()
    expect([result.valid, validator.version]).toEqual([true, '3.1'])
    // The validator does not let everything pass.
    const broken = { ...structuredClone(serviceDocument()), paths: { '/x': { get: { responses: { 200: {} } } } } }
    expect((await new Validator().validate(broken)).valid).toBe(false)
  })

  it('is of this version, and names every operation once', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(serviceVersion).toBe(version)
    const ids = allOperations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('gives one name to one schema, and refers to what is there', () => {
    const document = serviceDocument()
    const { schemas } = document.components as { readonly schemas: Json }
    const named = new Map<string, string>()
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      const { $id } = value as { readonly $id?: unknown }
      if (typeof $id === 'string') {
        const text = JSON.stringify(value)
        expect(named.get($id) ?? text, $id).toBe(text)
        named.set($id, text)
      }
      for (const one of Object.values(value)) walk(one)
    }
    walk(allOperations)
    expect(named.size).toBeGreaterThan(40)
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)]
    for (const [, name = ''] of refs) expect(schemas, name).toHaveProperty(name)
  })

  it('has what each path names, and nothing else, as its parameters', () => {
    for (const { path, params, operationId } of allOperations) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      expect(Object.keys(params?.properties ?? {}), operationId).toEqual(names)
    }
  })

  it('is served, with the address of the service', async () => {
    const { app, api } = await apiUnderTest()
    const response = await app.request('https://authz.example.com/openapi.json')
    expect(response.headers.get('content-type')).toContain('application/json')
    // What is turned on, and no more.
    expect(await response.json()).toEqual(
      servedAt(describeService([...authzenOperations, ...api.operations]), 'https://authz.example.com'),
    )
  })
})

describe('the types of the client', () => {
  it('are those of the document: npm run client:types makes them anew', async () => {
    expect(await clientTypes(serviceDocument())).toBe(readFileSync('src/client/schema.ts', 'utf8'))
  }, 60_000)
})

describe('answers', () => {
  it('of every operation are as its schema says, with no member that it does not name', async () => {
    const { app } = await apiUnderTest()
    const seen = new Set<string>()
    const call = async (
      operationId: string,
      values: Readonly<Record<string, string>>,
      body?: object,
    ): Promise<Json> => {
      const operation = [...authzenOperations, ...decisionDescriptions].find((one) => one.operationId === operationId)
      if (operation === undefined) throw new Error(`there is no ${operationId}`)
      seen.add(operationId)
      const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '')
      const query = values.by === undefined ? '' : `?by=${values.by}`
      const headers = { 'X-Caller': 'pep' }
      const init = body === undefined ? { headers } : postInit(body, headers)
      const response = await app.request(path + query, { ...init, method: operation.method })
      const answer = (await response.json()) as Json
      expect(response.ok, `${operationId}: ${JSON.stringify(answer)}`).toBe(true)
      checkAnswer(operation, response.status, answer)
      return answer
    }
    await callEverything(call)
    const all = [...authzenOperations, ...decisionDescriptions].map(({ operationId }) => operationId)
    expect([...seen].sort()).toEqual(all.sort())
  })

  it('that are problems are as the document says', async () => {
    const { app } = await apiUnderTest()
    const { schemas } = serviceDocument().components as { readonly schemas: { readonly Problem: TSchema } }
    for (const [path, caller] of [
      ['/v1/delegations/none?by=user:ann', 'pep'],
      ['/v1/delegations/none?by=user:ann', 'nobody'],
      ['/v1/delegations/none?by=', 'pep'],
    ] as const) {
      const response = await app.request(path, { headers: { 'X-Caller': caller } })
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      expect(Check(schemas.Problem, await response.json())).toBe(true)
    }
  })
})

function checkAnswer({ operationId, answers }: Description, status: number, answer: Json): void {
  const schema = answers[status]?.body
  expect(schema, `${operationId} ${status}`).toBeDefined()
  const [, mistakes] = Errors(closed(schema) as TSchema, answer)
  expect(mistakes, `${operationId}: ${JSON.stringify(answer)}`).toEqual([])
}

const ann = { type: 'user', id: 'ann' }
const planner = { type: 'agent', id: 'planner' }

/** One call at least of each operation, each of which succeeds. */
async function callEverything(
  call: (operationId: string, values: Readonly<Record<string, string>>, body?: object) => Promise<Json>,
): Promise<void> {
  const scopes = [{ actions: 'travel:*', on: 'trip', when: { 'context.price': { lte: 10 } } }]
  const expires_at = '2026-05-01T13:00:00Z'
  const trip = { type: 'trip', id: 't1' }
  const book = { action: { name: 'travel:book' }, resource: trip, context: { price: 1 } }
  const none = {}
  const id = (answer: Json) => ({ id: String(answer.id) })

  await call('evaluate', none, { subject: ann, ...book })
  await call('evaluateMany', none, { subject: ann, ...book, evaluations: [{}, { action: { name: 'no' } }] })
  await call('searchSubjects', none, { ...book, subject: { type: 'user' } })
  await call('searchResources', none, { ...book, subject: ann, resource: { type: 'trip' }, page: { limit: 1 } })
  await call('searchActions', none, { subject: ann, resource: trip })
  await call('describePdp', none)

  const terms = { by: ann, grantor: ann, grantee: planner, scopes, expires_at, lease_ms: 60_000, max_uses: 9 }
  const budget = { amount: '10.00', unit: 'EUR' }
  const lent = id(await call('createDelegation', none, { ...terms, budget, renewable_by: [ann], redelegate: 1 }))
  const asked = id(await call('proposeDelegation', none, { by: planner, grantor: ann, grantee: planner, scopes }))
  await call('acceptDelegation', asked, { by: ann })
  const other = id(
    await call('proposeDelegation', none, {
      by: planner,
      grantor: ann,
      grantee: planner,
      scopes: [{ actions: 'travel:x', on: 'trip' }],
    }),
  )
  await call('declineDelegation', other, { by: ann })
  await call('revokeDelegation', asked, { by: ann })
  await call('renewDelegation', lent, { by: ann })
  await call('suspendDelegation', lent, { by: ann })
  await call('resumeDelegation', lent, { by: ann })
  await call('getDelegation', { ...lent, by: 'user:ann' })
  await call('listDelegations', { by: 'agent:planner' })

  const holder = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
  await call('proveDelegation', lent, { by: planner, holder })
  await call('getRevocationList', none)
  await call('getProofKeys', none)

  const cost = { amount: '1.00', unit: 'EUR' }
  await call('authorize', none, { subject: planner, ...book })
  await call('authorizeMany', none, {
    requests: [
      { subject: planner, ...book },
      { subject: ann, ...book },
    ],
  })
  await call('authorizeAndConsume', none, { subject: planner, ...book, cost })
  for (const end of ['commitReservation', 'cancelReservation']) {
    const { reservation } = await call('reserve', none, { subject: planner, ...book, cost, hold_ms: 1000 })
    await call(end, id(reservation as Json), { by: planner })
  }
  await call('explain', none, { subject: planner, ...book })
  await call('whyNot', none, { subject: planner, ...book })
  await call('listAuthorized', none, { subject: ann, action: book.action, resource: { type: 'trip' }, limit: 1 })
  await call('listSubjects', none, { ...book, subject: { type: 'user' } })
  await call('listActions', none, { subject: ann, resource: trip })

  const purge = { subject: planner, action: { name: 'purge' }, resource: { type: 'record', id: 'r1' } }
  const review = await call('authorize', none, purge)
  const approval = id((review.approvals as Json[])[0] ?? {})
  await call('listApprovals', { by: 'user:mia' })
  await call('getApproval', { ...approval, by: 'agent:planner' })
  await call('voteOnApproval', approval, { by: { type: 'user', id: 'mia' }, vote: 'approve' })
  await call('withdrawApproval', approval, { by: planner })

  const session = id(await call('startSession', none, { subject: ann, roles: ['editor'], expires_at }))
  await call('getSession', { ...session, by: 'user:ann' })
  await call('listSessions', { by: 'user:ann' })
  await call('endSession', session, { by: ann })

  for (const end of ['completeTask', 'failTask', 'cancelTask']) {
    const task = id(await call('createTask', none, { owner: planner, scopes, expires_at }))
    await call('startTask', task, { by: planner })
    await call('getTask', { ...task, by: 'agent:planner' })
    await call(end, task, { by: planner, outcome: 'done' })
  }
}
