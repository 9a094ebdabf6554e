/** abac: conditions on attributes, all of a group, any group of several. */
import type { AttributeValue } from '../../document.ts'
import type { Entries, Entry, Node } from '../../node.ts'
import { quote, readMap, readValue } from '../../read.ts'
import { attempt } from '../../refusal.ts'
import { attributeOf, type Mark } from './attribute.ts'
import { equals, isTruthy } from './equality.ts'
import { allOf, anyOf, type Logic, not, test } from './logic.ts'
import { isOperator, operatorOf } from './operators.ts'
import type { SourcePolicy } from './source.ts'

type Conditions = Entries

/** What the conditions of an abac policy ask. */
export function abacConditions(policy: SourcePolicy): Logic {
  const groups = policy.conditions.get('condition_groups')
  if (groups === undefined || isNull(groups.value)) return group(policy.conditions, policy)
  const { report } = policy
  if (policy.conditions.size > 1) {
    report.warning('W_IMPORT', groups.at, 'open-guard ignores what stands beside "condition_groups"')
  }
  if (groups.value.kind !== 'list' || groups.value.items.length === 0) {
    report.warning('W_IMPORT', groups.at, 'open-guard takes these "condition_groups" for no conditions at all')
    return true
  }
  const alternatives = groups.value.items.map((item) => {
    const map = readMap(item, report, 'a condition group', 'write { path: { op: …, value: … } }')
    return map === undefined ? false : group(map.entries, policy)
  })
  return anyOf(alternatives)
}

function group(conditions: Conditions, policy: SourcePolicy): Logic {
  const parts: Logic[] = []
  for (const [path, entry] of conditions) if (path !== 'condition_groups') parts.push(condition(path, entry, policy))
  return allOf(parts)
}

function condition(path: string, { at, value: node }: Entry, { report }: SourcePolicy): Logic {
  const attribute = attributeOf(path)
  if (attribute.kind === 'null') {
    report.warning('W_IMPORT', at, `open-guard finds nothing at ${quote(path)}, and takes it for null`)
  }
  if (node.kind !== 'map') {
    const value = readValue(node, report)
    return value === undefined ? false : (attempt(report, 'E_IMPORT', at, '', () => equals(attribute, value)) ?? false)
  }
  const key = (name: string): AttributeValue | undefined => {
    const entry = node.entries.get(name)
    return entry && readValue(entry.value, report)
  }
  const op = key('op') ?? (node.entries.has('op') ? null : 'eq')
  const operand = key('value') ?? null
  if (!isOperator(op)) {
    report.warning('W_IMPORT', at, `open-guard has no operator ${quote(String(op))}; a condition with it never holds`)
  }
  // Only regular expressions are refused for what they are, and not for how they stand in the policy.
  const code = typeof operand === 'string' ? 'E_REGEX' : 'E_IMPORT'
  const asked = attempt(report, code, at, '', () => operatorOf(op)(attribute, operand)) ?? false
  if (!isTruthy(key('trusted_only'))) return asked
  report.warning(
    'W_IMPORT',
    at,
    '"trusted_only" believes the marks that a request brings along as "_trusted"',
    'to believe the host alone, write trusted: true beside the operator',
  )
  return allOf([not(untrusted(attribute.marks)), asked])
}

/** Whether the owner of the attribute says that it is not to be trusted; without an owner, that one's owner is asked. */
function untrusted([nearest, ...others]: readonly Mark[]): Logic {
  if (nearest === undefined) return false
  const marked = test(nearest.path, { eq: false }, false)
  if (others.length === 0) return marked
  return anyOf([marked, allOf([test(nearest.owner, { eq: null }, true), untrusted(others)])])
}

function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.scalar === null
}
