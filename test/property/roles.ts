/** Random roles: hierarchies, roles on some resources, separations of duty, sessions. */
import fc from 'fast-check'
import type { Entity, HeldRole, PolicyDocument, Separation } from '../../src/policy/document.ts'
import { namesOnResource } from '../reference/held-roles.ts'
import { isBroken, withInherited } from '../reference/roles.ts'
import { compact, isEmpty, maybe } from './optional.ts'
import { instant } from './times.ts'
import { mapOf, RESOURCE_IDS, RESOURCE_TYPES, ROLES } from './vocabulary.ts'

export const roles: fc.Arbitrary<NonNullable<PolicyDocument['roles']>> = fc
  .tuple(...ROLES.map((_, index) => fc.subarray(ROLES.slice(index + 1))))
  .map((inherited) => mapOf(ROLES.map((role, index) => [role, inherited[index]!])))

/** On a type or on one resource, which may be none of those that requests are about. */
const scope = fc.oneof(
  fc.constantFrom(...RESOURCE_TYPES, 'nothing'),
  fc.record({ type: fc.constantFrom(...RESOURCE_TYPES), id: maybe(fc.constantFrom(...RESOURCE_IDS), 4) }).map(compact),
)

const heldRole: fc.Arbitrary<HeldRole> = fc.oneof(
  { arbitrary: fc.constantFrom(...ROLES), weight: 3 },
  { arbitrary: fc.record({ role: fc.constantFrom(...ROLES), on: scope }), weight: 1 },
)

export const heldRoles = fc.oneof(
  { arbitrary: fc.uniqueArray(fc.constantFrom(...ROLES), { maxLength: 2 }), weight: 2 },
  { arbitrary: fc.array(heldRole, { maxLength: 5 }), weight: 3 },
)

export const separations: fc.Arbitrary<readonly Separation[]> = fc.array(
  fc
    .record({
      roles: fc.subarray([...ROLES], { minLength: 2, maxLength: 3 }),
      atMost: fc.constantFrom(undefined, 1, 2),
    })
    .map(({ roles, atMost }) => ({
      roles,
      ...(atMost === undefined || atMost >= roles.length ? {} : { at_most: atMost }),
    })),
  { minLength: 1, maxLength: 2 },
)

/** Without the static separations that roles or known subjects break: these are mistakes of a document. */
export function separationOf(
  document: PolicyDocument,
  { static: fixed = [], dynamic = [] }: NonNullable<PolicyDocument['separation']>,
): PolicyDocument['separation'] {
  const possible = fixed.filter(
    (one) =>
      ROLES.every((role) => !isBroken(one, withInherited([role], document))) &&
      (document.entities?.subjects ?? []).every((subject) => !breaksSomewhere(one, subject, document)),
  )
  const separation = {
    ...(possible.length > 0 ? { static: possible } : {}),
    ...(dynamic.length > 0 ? { dynamic } : {}),
  }
  return isEmpty(separation) ? undefined : separation
}

function breaksSomewhere(one: Separation, subject: Entity, document: PolicyDocument): boolean {
  const resources = [...RESOURCE_TYPES, 'nothing', 'other'].flatMap((type) =>
    [...RESOURCE_IDS, 'other'].map((id) => ({ type, id })),
  )
  return resources.some((resource) => {
    const names = namesOnResource(subject.roles ?? [], { subject, action: { name: 'read' }, resource })
    return isBroken(one, withInherited(names, document))
  })
}

/** More than policies hold: roles and scopes that nobody knows, halves of surrogate pairs. */
const requestRole = fc.oneof(
  heldRole,
  fc.constantFrom('stranger', { role: 'stranger', on: 'record' }, { role: 'admin', on: '\ud800' }),
)

export const goodRoles = fc.oneof(
  fc.constantFrom(...ROLES, 'stranger', 'toString'),
  fc.array(fc.constantFrom(...ROLES, 'stranger'), { maxLength: 3 }),
  fc.array(requestRole, { maxLength: 5 }),
  // More of them than the engine keeps in a short list.
  fc.array(fc.constantFrom('viewer', 'stranger', '\ud800'), { minLength: 15, maxLength: 80, size: 'max' }),
  fc.array(requestRole, { minLength: 60, maxLength: 80, size: 'max' }),
)
export const badRoles = fc.oneof(
  fc.constant(null),
  fc.constant(5),
  fc.constant({ role: 'admin' }),
  fc.constant(['admin', 7]),
  fc.constant([['admin']]),
  fc.constant([{ role: 'admin' }]),
  fc.constant([{ on: 'record' }]),
  fc.constant(['viewer', { role: 'admin', on: 'record', until: 5 }]),
  fc.constant([{ role: 'admin', on: { type: 'record', id: undefined } }]),
  fc.constant([{ role: 'admin', on: { id: 'r1' } }]),
  fc.constant([{ role: ['admin'], on: 'record' }]),
  fc.constant({ role: 'admin', on: 'record' }),
)

const session = fc
  .record({
    id: maybe(fc.constant('s1')),
    roles: fc.array(fc.constantFrom(...ROLES, 'stranger', 'toString'), { maxLength: 8 }),
    expires_at: maybe(instant),
  })
  .map(compact)

export const state = fc.oneof(
  { arbitrary: fc.constant(undefined), weight: 20 },
  { arbitrary: session.map((session): unknown => ({ session })), weight: 10 },
  {
    arbitrary: fc.constantFrom<unknown>(
      {},
      { session: undefined },
      Object.create({ session: { roles: [] } }),
      null,
      { session: null },
      { session: {} },
      { session: { roles: 'admin' } },
      { session: { roles: ['admin', 7] } },
      { session: { roles: [], expires_at: Number.NaN } },
      { session: { roles: [], expires_at: '2026-01-01T00:00:00Z' } },
    ),
    weight: 1,
  },
)
