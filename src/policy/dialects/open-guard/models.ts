/** What each model looks at in a policy. What it does not look at is told: people expect it to matter. */
import type { AttributeValue, Rule } from '../../document.ts'
import { type Entries, type Entry, EntryMap } from '../../node.ts'
import { quote, readStrings, readValue } from '../../read.ts'
import { attempt } from '../../refusal.ts'
import { abacConditions } from './abac.ts'
import { type Attribute, pathTo } from './attribute.ts'
import { equals, equalsExisting } from './equality.ts'
import { patternOf } from './fnmatch.ts'
import { allOf, type Logic, test } from './logic.ts'
import type { Relations } from './relations.ts'
import type { Roles } from './roles.ts'
import type { Meaning } from './rule.ts'
import type { Model, SourcePolicy } from './source.ts'
import { tbacConditions } from './tbac.ts'
import { trustConditions } from './trust.ts'

export interface World {
  readonly roles: Roles
  readonly relations: Relations
}

type Reader = (policy: SourcePolicy, world: World) => Meaning

const readers: Readonly<Record<Model, Reader>> = {
  rbac(policy, { roles }) {
    ignores(policy, 'subjectMatch', ['roles'])
    ignores(policy, 'conditions')
    const required = requiredRoles(policy)
    const names = required && roles.holding(required, policy.report, policy.at)
    return {
      about: attributesMatch(policy.resourceMatch, policy, equalsExisting),
      ...(names !== undefined && { to: { role: names.length === 1 ? (names[0] ?? '') : names } }),
      // Without a role it means nobody, not everybody.
      when: names === undefined ? test('subject.roles', { neq: [] }, false) : true,
    }
  },
  abac(policy) {
    ignores(policy, 'subjectMatch')
    return { ...resourceOf(policy), when: abacConditions(policy) }
  },
  tbac(policy) {
    ignores(policy, 'subjectMatch')
    ignores(policy, 'resourceMatch')
    return { about: true, when: tbacConditions(policy) }
  },
  rebac(policy, { relations }) {
    ignores(policy, 'subjectMatch')
    ignores(policy, 'resourceMatch')
    return { about: true, when: relations.conditions(policy) }
  },
  trust(policy) {
    ignores(policy, 'subjectMatch', ['actor_type'])
    ignores(policy, 'resourceMatch')
    const type = actorTypes(policy)
    // An empty list of types names nobody.
    const when = type?.length === 0 ? false : trustConditions(policy)
    return { about: true, ...(type !== undefined && when !== false && { to: { type } }), when }
  },
}

export function meaningOf(policy: SourcePolicy, world: World): Meaning {
  return readers[policy.model](policy, world)
}

const written = { subjectMatch: 'subject_match', resourceMatch: 'resource_match', conditions: 'conditions' } as const

function ignores(policy: SourcePolicy, part: keyof typeof written, known: readonly string[] = []): void {
  for (const [key, { at }] of policy[part]) {
    if (known.includes(key)) continue
    const found = `open-guard ignores ${quote(key)} in the ${written[part]} of ${policy.model} policies`
    policy.report.warning('W_IMPORT', at, found, 'the rule does not ask for it')
  }
}

/** One or several names; none means any. */
function namesIn(entry: Entry, what: string, { report }: SourcePolicy): readonly string[] {
  const { value } = entry
  if (value.kind === 'scalar' && value.scalar === '') return []
  const list = value.kind === 'list' ? value : ({ kind: 'list', items: [value], at: entry.at } as const)
  return readStrings(list, report, what) ?? []
}

function requiredRoles(policy: SourcePolicy): readonly string[] | undefined {
  const entry = policy.subjectMatch.get('roles')
  const names = entry && namesIn(entry, '"roles"', policy)
  return names === undefined || names.length === 0 ? undefined : names
}

function actorTypes(policy: SourcePolicy): string | string[] | undefined {
  const entry = policy.subjectMatch.get('actor_type')
  const names = entry && namesIn(entry, '"actor_type"', policy).map(patternOf)
  return names?.length === 1 ? names[0] : names
}

/** The resource of abac policies: type and id go into the target. */
function resourceOf(policy: SourcePolicy): Pick<Meaning, 'on' | 'about'> {
  const match = new EntryMap(policy.resourceMatch)
  const parts: Record<string, string> = {}
  let possible = true
  for (const [key, part] of [
    ['resource_type', 'type'],
    ['id', 'id'],
  ] as const) {
    const entry = match.get(key)
    if (entry === undefined) continue
    match.delete(key)
    const value = readValue(entry.value, policy.report)
    if (typeof value === 'string' && value !== '') parts[part] = patternOf(value)
    else possible = false
  }
  const about = attributesMatch(match, policy, equals)
  const { type, id } = parts
  const on: Rule['on'] = id === undefined ? type : parts
  return { ...(on !== undefined && { on }), about: possible && about }
}

type Equal = (attribute: Attribute, value: AttributeValue) => Logic

/** Attributes of the resource must equal those of the policy. */
function attributesMatch(match: Entries, { report }: SourcePolicy, equal: Equal): Logic {
  const parts: Logic[] = []
  for (const [key, { at, value: node }] of match) {
    const value = readValue(node, report)
    const attribute: Attribute = { path: pathTo('resource', [key]), kind: 'any', marks: [] }
    if (value !== undefined) parts.push(attempt(report, 'E_IMPORT', at, '', () => equal(attribute, value)) ?? false)
  }
  return allOf(parts)
}
