/** The rules of the hand-written JS index, by action, resource type and role. */
import type { Decision } from '../../src/engine/types.ts'
import type { PolicyDocument, Rule } from '../../src/policy/document.ts'
import { type AttributeTest, readTests, type ThreeTests } from './js-conditions.ts'

/** The tests are in the rule itself and not in a list: one step in memory less, which shows from 10,000 rules on. */
export interface IndexedRule extends ThreeTests {
  /** The position in the document. */
  readonly order: number
  readonly deny: boolean
  readonly source: Rule
  /** The decisions that this rule makes alone, kept after the first time. */
  matched: Decision | undefined
  broken: Decision | undefined
}

export type ByRole = Map<string, IndexedRule[]>
export type RuleIndex = Map<string, Map<string, ByRole>>

const known = new Set(['id', 'allow', 'deny', 'on', 'to', 'when', 'because', 'obligations', 'advice'])

/** @throws Error when the document uses anything that the rbac-abac workload does not */
export function indexRules(document: PolicyDocument): RuleIndex {
  const { version: _version, tenant: _tenant, roles = {}, rules = [], ...unknown } = document
  if (Object.keys(unknown).length > 0) throw new Error(`the JS index cannot read ${Object.keys(unknown).join(', ')}`)
  if (Object.values(roles).some((inherited) => inherited.length > 0)) {
    throw new Error('the JS index cannot read roles that inherit')
  }
  const index: RuleIndex = new Map()
  const tests = new Map<string, AttributeTest>()
  rules.forEach((source, order) => {
    const strange = Object.keys(source).find((key) => !known.has(key))
    if (strange !== undefined) throw new Error(`the JS index cannot read "${strange}" in rule ${source.id}`)
    const byType = childOf<Map<string, ByRole>>(index, exact(source.allow ?? source.deny), () => new Map())
    const byRole = childOf<ByRole>(byType, exact(source.on), () => new Map())
    const bucket = childOf<IndexedRule[]>(byRole, exact(source.to?.role), () => [])
    const deny = source.deny !== undefined
    const { first, second, third } = readTests(source.when, tests)
    bucket.push({ order, deny, first, second, third, source, matched: undefined, broken: undefined })
  })
  return index
}

function exact(pattern: unknown): string {
  if (typeof pattern === 'string' && !/[*?[\]{}\\]/.test(pattern)) return pattern
  throw new Error(`the JS index needs an exact name, found ${JSON.stringify(pattern)}`)
}

function childOf<T>(parent: Map<string, T>, key: string, make: () => T): T {
  const found = parent.get(key)
  if (found !== undefined) return found
  const made = make()
  parent.set(key, made)
  return made
}
