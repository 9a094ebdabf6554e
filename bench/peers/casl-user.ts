/**
 * CASL as its documentation uses it ("Roles with predefined permissions"): a function for each role says what the user may do, and
 * an ability is made for the user and asked. It may be kept as long as the user stays as he is ("Cache abilities"); requests of the
 * workload have a user with other attributes each. Conditions are functions, as in `casl.ts`.
 */
import { Ability, type AbilityOptionsOf, type MatchConditions, type RawRuleOf } from '@casl/ability'
import type { AccessRequest } from '../../src/engine/types.ts'
import { booleanAnswers, type Peer, type PreparedPeer, timePreparation } from './peer.ts'
import { applies, compileTest, rolesOf, type Test } from './plain-reading.ts'
import { type PlainRule, plainRules } from './plain-rules.ts'

/** What CASL is asked about: it finds the type in it, and conditions read the request. */
interface Subject {
  readonly type: string
  readonly request: AccessRequest
}

type UserAbility = Ability<[string, string | Subject], MatchConditions<Subject>>
type RawRule = RawRuleOf<UserAbility>

/** A rule, and what of it can be said before there is a resource: rules that fail there are left out, as by an `if`. */
interface Permission {
  readonly ofUser: readonly Test[]
  readonly deny: boolean
  readonly raw: RawRule
}

interface Permissions {
  readonly allow: readonly Permission[]
  readonly deny: readonly Permission[]
}

const options: AbilityOptionsOf<UserAbility> = {
  // Its types know matchers of any record only.
  conditionsMatcher: (conditions) => conditions as MatchConditions,
  detectSubjectType: (subject: Subject) => subject.type,
}

export const caslUser: Peer = {
  name: 'casl-user',
  description: '@casl/ability: an ability made for the user of the request, as in its documentation; says yes or no',
  takes: (name, { rules }) => name === 'rbac-abac' && rules <= 10_000,
  async prepare({ document, requests }): Promise<PreparedPeer<AccessRequest, boolean>> {
    const { engine, preparation } = await timePreparation(
      () => permissionsByRole(plainRules(document)),
      (permissions) => can(permissions, requests[0]!),
    )
    return { input: (request) => request, decide: (request) => can(engine, request), ...booleanAnswers, preparation }
  },
}

function can(permissions: ReadonlyMap<string, Permissions>, request: AccessRequest): boolean {
  const { action, resource } = request
  const ability = defineAbilityFor(permissions, request)
  return ability.can(action.name, { type: resource.type, request })
}

/** The last rule that matches decides, so that denials come last. */
function defineAbilityFor(permissions: ReadonlyMap<string, Permissions>, request: AccessRequest): UserAbility {
  const roles = rolesOf(request)
  const rules: RawRule[] = []
  for (const role of roles) define(permissions.get(role)?.allow, request, rules)
  for (const role of roles) define(permissions.get(role)?.deny, request, rules)
  return new Ability(rules, options) as UserAbility
}

function define(permissions: readonly Permission[] | undefined, request: AccessRequest, rules: RawRule[]): void {
  if (permissions === undefined) return
  for (let i = 0; i < permissions.length; i++) {
    const { ofUser, deny, raw } = permissions[i]!
    if (applies(ofUser, deny, request)) rules.push(raw)
  }
}

function permissionsByRole(rules: readonly PlainRule[]): Map<string, Permissions> {
  const byRole = new Map<string, { allow: Permission[]; deny: Permission[] }>()
  for (const rule of rules) {
    const { role = '', deny } = rule
    const permissions = byRole.get(role) ?? { allow: [], deny: [] }
    permissions[deny ? 'deny' : 'allow'].push(permission(rule))
    byRole.set(role, permissions)
  }
  return byRole
}

function permission({ action = 'manage', type = 'all', deny, tests }: PlainRule): Permission {
  const ofResource = tests.filter(
    ({ path, operand }) => path[0] === 'resource' || ('path' in operand && operand.path[0] === 'resource'),
  )
  const late = ofResource.map(compileTest)
  const conditions: MatchConditions<Subject> = ({ request }) => applies(late, deny, request)
  return {
    ofUser: tests.filter((test) => !ofResource.includes(test)).map(compileTest),
    deny,
    raw: { action, subject: type, inverted: deny, ...(late.length > 0 ? { conditions } : {}) },
  }
}
