/** engine.rolesOf: held, inherited, of the entity, on the resource, in the session. */
import { expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import type { HeldRole } from '../../../src/policy/document.ts'

const engine = await createEngine({
  policies: {
    version: 1,
    roles: { director: ['manager'], manager: ['clerk'], clerk: [], auditor: [] },
    separation: { dynamic: [{ roles: ['manager', 'auditor'] }] },
    entities: { subjects: [{ type: 'user', id: 'ann', roles: ['director'] }] },
    rules: [{ id: 'purge', review: 'purge', on: 'record', approval: { by: ['role:manager', 'role:auditor'] } }],
  },
})
const resource = { type: 'record', id: 'r1' }
const user = (roles: readonly HeldRole[]) => ({ type: 'user', id: 'bob', properties: { roles } })

test('all that are declared count, whether or not a rule names them', () => {
  expect(engine.rolesOf({ subject: user(['director']), resource })).toEqual(['director', 'manager', 'clerk'])
  expect(engine.rolesOf({ subject: user(['clerk', 'nobody']), resource })).toEqual(['clerk'])
})
test('of a known subject', () => {
  expect(engine.rolesOf({ subject: { type: 'user', id: 'ann' }, resource })).toEqual(['director', 'manager', 'clerk'])
  expect(engine.rolesOf({ subject: { type: 'user', id: 'eve' }, resource })).toEqual([])
})
test('on this resource', () => {
  const held = user([{ role: 'manager', on: { type: 'record', id: 'r1' } }])
  expect(engine.rolesOf({ subject: held, resource })).toEqual(['manager', 'clerk'])
  expect(engine.rolesOf({ subject: held, resource: { type: 'record', id: 'r2' } })).toEqual([])
})
test('in a session', () => {
  const subject = user(['manager', 'auditor'])
  const state = { session: { roles: ['auditor'], expires_at: 10 } }
  expect(engine.rolesOf({ subject, resource, state }, { now: 9 })).toEqual(['auditor'])
  expect(engine.rolesOf({ subject, resource, state }, { now: 10 })).toEqual([])
  const director = { subject: user(['director']), resource, state: { session: { roles: ['director'] } } }
  expect(engine.rolesOf(director)).toEqual(['director', 'manager', 'clerk'])
  expect(engine.rolesOf({ subject, resource })).toEqual([])
})
test('without any rule', async () => {
  const empty = await createEngine({ policies: { version: 1, roles: { a: [] }, rules: [] } })
  expect(empty.rolesOf({ subject: user(['a']), resource })).toEqual([])
})
