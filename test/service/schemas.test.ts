/** The specification's own JSON Schemas (openid/authzen, api/schemas): our answers fit, and so do the requests that we take. */
import { readFileSync } from 'node:fs'
import { Validator } from '@cfworker/json-schema'
import { describe, expect, it } from 'vitest'
import { alice, bob, post, read, record1, record2, recordsApp, request, write } from './support.ts'

const schema = (name: string) =>
  new Validator(
    JSON.parse(readFileSync(`test/conformance/authzen/schemas/evaluation-${name}.schema.json`, 'utf8')),
    '2020-12',
    false,
  )
const requests = schema('request')
const responses = schema('response')
const app = await recordsApp()

const asked = [
  request,
  { subject: alice, action: write, resource: record2 },
  { subject: alice, action: { name: 'purge' }, resource: record1 },
  { subject: alice, action: { name: 'delete', properties: { soft: true } }, resource: record1 },
  { subject: bob, action: read, resource: { type: 'record', id: 'unknown' }, context: { time: '2026-05-01T12:00Z' } },
]

describe('the schemas of the specification', () => {
  it('refuse what is none of theirs, so that the other tests can fail', () => {
    expect(responses.validate({ decision: 'yes' }).valid).toBe(false)
    expect(responses.validate({ decision: true, context: [] }).valid).toBe(false)
    expect(requests.validate({ subject: alice, action: read }).valid).toBe(false)
  })

  it('are met by every answer to an evaluation', async () => {
    for (const body of asked) {
      const answer = await post(app, '/access/v1/evaluation', body)
      expect(answer.status).toBe(200)
      expect(responses.validate(answer.body).errors).toEqual([])
    }
  })

  it('are met by every item of a batch, wrong ones included', async () => {
    const { body } = await post(app, '/access/v1/evaluations', { evaluations: [...asked, {}, 7, { subject: alice }] })
    expect(body).not.toHaveProperty('decision')
    const items = body.evaluations as readonly unknown[]
    expect(items).toHaveLength(asked.length + 3)
    for (const item of items) expect(responses.validate(item).errors).toEqual([])
  })

  it('allow the same requests as we do', async () => {
    const { subject, action, resource } = request
    const wrong = [
      { action, resource },
      { subject, resource },
      { subject, action },
      { ...request, subject: { type: 'user' } },
      { ...request, subject: { id: 'alice' } },
      { ...request, subject: { ...alice, properties: 1 } },
      { ...request, action: {} },
      { ...request, action: { name: 1 } },
      { ...request, resource: { type: 'record' } },
      { ...request, resource: { ...record1, properties: [] } },
      { ...request, context: 'now' },
    ]
    for (const body of [...asked, ...wrong]) {
      const { valid } = requests.validate(body)
      const { status } = await post(app, '/access/v1/evaluation', body)
      expect(status, JSON.stringify(body)).toBe(valid ? 200 : 400)
    }
  })

  it('and the advice to leave out what is null: no answer holds one', async () => {
    for (const body of asked) {
      const answer = await post(app, '/access/v1/evaluation', body)
      expect(JSON.stringify(answer.body)).not.toMatch(/:null\b/)
    }
  })
})
