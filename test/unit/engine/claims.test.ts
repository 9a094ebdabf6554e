/** From RFC 8693 tokens to subjects. */
import { describe, expect, test } from 'vitest'
import { subjectFromClaims } from '../../../src/engine/claims.ts'
import { failureOf } from './support.ts'

test('nobody acts: the subject of the token asks for itself', () => {
  expect(subjectFromClaims({ sub: 'alice', aud: 'x', exp: 1 })).toEqual({ type: 'user', id: 'alice' })
})

test('one actor (RFC 8693, figure 5)', () => {
  const claims = { aud: 'https://consumer.example.com', sub: 'user@example.com', act: { sub: 'admin@example.com' } }
  expect(subjectFromClaims(claims)).toEqual({
    type: 'agent',
    id: 'admin@example.com',
    on_behalf_of: { type: 'user', id: 'user@example.com' },
  })
})

describe('prior actors (figure 6)', () => {
  const claims = {
    iss: 'https://issuer.example.com',
    sub: 'user@example.com',
    act: { sub: 'https://service16.example.com', act: { sub: 'https://service77.example.com', client_id: 'c77' } },
  }
  const root = { type: 'user', id: 'user@example.com', properties: { iss: 'https://issuer.example.com' } }

  test('the outermost is the current one; those inside were before it', () => {
    expect(subjectFromClaims(claims, { actorType: 'service' })).toEqual({
      type: 'service',
      id: 'https://service16.example.com',
      on_behalf_of: {
        type: 'service',
        id: 'https://service77.example.com',
        properties: { client_id: 'c77' },
        on_behalf_of: root,
      },
    })
  })

  test('may be left out, as section 4.1 has it', () => {
    expect(subjectFromClaims(claims, { priorActors: 'leave_out' })).toEqual({
      type: 'agent',
      id: 'https://service16.example.com',
      on_behalf_of: root,
    })
  })
})

test('types and properties are the caller’s to say', () => {
  const claims = {
    sub: 'a',
    kind: 'robot',
    mail: 'a@x',
    roles: ['admin'],
    act: { sub: 'b', kind: 'device', mail: 'b@x' },
  }
  const type = ({ kind }: { readonly [key: string]: unknown }) => String(kind)
  expect(subjectFromClaims(claims, { rootType: type, actorType: type, properties: ['mail'] })).toEqual({
    type: 'device',
    id: 'b',
    properties: { mail: 'b@x' },
    on_behalf_of: { type: 'robot', id: 'a', properties: { mail: 'a@x' } },
  })
})

test.each([
  [{}, 'the claim sub must be a string'],
  [{ sub: '' }, 'the claim sub must be a string'],
  [{ sub: 'a', act: 'b' }, 'the claim act must be an object'],
  [{ sub: 'a', act: {} }, 'the claim act.sub must be a string'],
  [{ sub: 'a', act: { sub: 'b', act: { sub: 5 } } }, 'the claim act.act.sub must be a string'],
  [[], 'the claims of a token must be an object'],
])('%j', (claims, message) => {
  expect(failureOf(() => subjectFromClaims(claims as { readonly [key: string]: unknown }))).toContain(message)
})

test('a token without end is refused', () => {
  let act: Record<string, unknown> = { sub: 'x' }
  for (let i = 0; i < 100; i++) act = { sub: `x${i}`, act }
  expect(failureOf(() => subjectFromClaims({ sub: 'a', act }))).toMatch(/^E_CHAIN_DEPTH/)
})
