/** Whether one rule applies to every request that another applies to. */
import type { Comparison, Condition, RuleModel } from '../model.ts'
import { covers } from './containment.ts'

/** Role → the roles that its holders hold. */
export type RoleClosure = (role: string) => ReadonlySet<string>

/** Whether the target of the outer rule matches every request that the inner rule's does. */
export function targetCovers(outer: RuleModel, inner: RuleModel, closure: RoleClosure): boolean {
  return (
    covers(outer.actions, inner.actions) &&
    covers(outer.resourceTypes, inner.resourceTypes) &&
    covers(outer.resourceIds, inner.resourceIds) &&
    covers(outer.subjectTypes, inner.subjectTypes) &&
    covers(outer.subjectIds, inner.subjectIds) &&
    rolesCover(outer.roles, inner.roles, closure)
  )
}

function rolesCover(outer: readonly string[], inner: readonly string[], closure: RoleClosure): boolean {
  if (outer.length === 0) return true
  return inner.length > 0 && inner.every((role) => outer.some((held) => closure(role).has(held)))
}

/**
 * How the conditions of two rules relate: `always` when the outer one has none; `implied` when each of its parts is also a
 * part of the inner one's, so that it is true where the inner one is, and not false where that is not.
 */
export function conditionCovers(outer: RuleModel, inner: RuleModel): 'always' | 'implied' | undefined {
  if (outer.condition === undefined) return 'always'
  if (inner.condition === undefined) return undefined
  const parts = partKeys(inner.condition)
  for (const part of partKeys(outer.condition)) if (!parts.has(part)) return undefined
  return 'implied'
}

const partsKnown = new WeakMap<Condition, ReadonlySet<string>>()

/** The keys of what must all hold. */
function partKeys(condition: Condition): ReadonlySet<string> {
  const known = partsKnown.get(condition) ?? new Set(partsOf(condition).map(conditionKey))
  partsKnown.set(condition, known)
  return known
}

function partsOf(condition: Condition): readonly Condition[] {
  return condition.kind === 'all' ? condition.of.flatMap(partsOf) : [condition]
}

const keys = new WeakMap<Condition, string>()
let others = 0

/** The same for conditions that are written alike. */
function conditionKey(condition: Condition): string {
  const known = keys.get(condition)
  if (known !== undefined) return known
  const key = keyOf(condition)
  keys.set(condition, key)
  return key
}

function keyOf(condition: Condition): string {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return `${condition.kind}(${condition.of.map(conditionKey).sort().join()})`
    case 'not':
      return `not(${conditionKey(condition.of)})`
    case 'otherwise':
      return `otherwise(${condition.value},${conditionKey(condition.of)})`
    case 'items': {
      const { of, ...rest } = condition
      return `${JSON.stringify(rest)}(${conditionKey(of)})`
    }
    default:
      // A kind of test that is not known here may hold what JSON leaves out: it is equal to itself alone.
      return isKnown(condition) ? JSON.stringify(condition) : `other ${others++}`
  }
}

function isKnown({ kind }: Comparison): boolean {
  return ['test', 'exists', 'glob', 'regex', 'cidr', 'semver'].includes(kind)
}
