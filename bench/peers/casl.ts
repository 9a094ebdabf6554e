/**
 * CASL at its fastest: an ability for each role, made once and kept; conditions as functions (its `lambdaMatcher`), which can
 * compare one attribute with another and are faster than queries. Its documentation makes abilities for users, and keeps those;
 * that is `casl-user.ts`.
 */
import { Ability, type AbilityOptionsOf, type MatchConditions, type RawRuleOf } from '@casl/ability'
import type { AccessRequest } from '../../src/engine/types.ts'
import { booleanAnswers, type Peer, type PreparedPeer, timePreparation } from './peer.ts'
import { applies, compileTest, rolesOf } from './plain-reading.ts'
import { type PlainRule, plainRules } from './plain-rules.ts'

/** What CASL is asked about: it finds the type in it, and conditions read the request. */
interface Subject {
  readonly type: string
  readonly request: AccessRequest
}

interface Input {
  readonly action: string
  readonly roles: readonly string[]
  readonly subject: Subject
}

type RoleAbility = Ability<[string, string | Subject], MatchConditions<Subject>>

export const casl: Peer = {
  name: 'casl',
  description: '@casl/ability: an ability for each role, made once; conditions as functions; says yes or no',
  takes: (name, { rules }) =>
    ['roles', 'rbac-abac', 'listing', 'bytes', 'worst-case'].includes(name) && rules <= 100_000,
  async prepare({ document, requests }): Promise<PreparedPeer<Input, boolean>> {
    const first = toInput(requests[0]!)
    const { engine, preparation } = await timePreparation(
      () => makeAbilities(plainRules(document)),
      (abilities) => can(abilities, first),
    )
    return { input: toInput, decide: (input) => can(engine, input), ...booleanAnswers, preparation }
  },
}

function toInput(request: AccessRequest): Input {
  const { action, resource } = request
  return { action: action.name, roles: rolesOf(request), subject: { type: resource.type, request } }
}

/** A denial in any role wins; in one role it does, since the last rule that matches decides and denials come last. */
function can(abilities: ReadonlyMap<string, RoleAbility>, { action, roles, subject }: Input): boolean {
  let allowed = false
  for (let i = 0; i < roles.length; i++) {
    const rule = abilities.get(roles[i]!)?.relevantRuleFor(action, subject)
    if (rule == null) continue
    if (rule.inverted) return false
    allowed = true
  }
  return allowed
}

function makeAbilities(rules: readonly PlainRule[]): Map<string, RoleAbility> {
  const byRole = new Map<string, RawRuleOf<RoleAbility>[]>()
  for (const rule of [...rules.filter(({ deny }) => !deny), ...rules.filter(({ deny }) => deny)]) {
    const { role = '', action = 'manage', type = 'all', deny } = rule
    const tests = rule.tests.map(compileTest)
    const conditions: MatchConditions<Subject> = ({ request }) => applies(tests, deny, request)
    const raw = { action, subject: type, inverted: deny, ...(tests.length > 0 ? { conditions } : {}) }
    const list = byRole.get(role)
    if (list === undefined) byRole.set(role, [raw])
    else list.push(raw)
  }
  const options: AbilityOptionsOf<RoleAbility> = {
    // Its types know matchers of any record only.
    conditionsMatcher: (conditions) => conditions as MatchConditions,
    detectSubjectType: (subject: Subject) => subject.type,
  }
  return new Map([...byRole].map(([role, raw]) => [role, new Ability(raw, options) as RoleAbility]))
}
