/**
 * The part of the reason code `limit` that can be said of a request: "the lists that the rules in question read have more
 * than 65,536 items together or are nested deeper than 8". Steps and bytes are the engine's own to count.
 */
import type { ConditionSource, RelatedSource, Rule, Test } from '../../src/policy/document.ts'
import { isAll, isAny, isCel, isNot, isReference, isRelated, isTimed } from './conditions.ts'
import { type Scope, read as valueAt } from './paths.ts'

const LIST_ITEMS = 65_536
const LIST_DEPTH = 8

/** Whether the request goes past a limit, entities left aside: they are checked when policies are loaded. */
export function passesLimit(rules: readonly Rule[], scope: Scope): boolean {
  const { chain } = scope.document
  const requestAlone: Scope = { ...scope, document: { version: 1, ...(chain && { chain }) } }
  const asksRelations = rules.some(
    (rule) => rule.to?.relation !== undefined || JSON.stringify(rule).includes('"related"'),
  )
  const onTuples = asksRelations ? Object.values(scope.document.conditions ?? {}).flatMap(pathsOf) : []
  const read = rules.flatMap((rule) => [...pathsOf(rule.when), ...pathsOf(rule.unless)])
  const paths = new Set([...read, ...onTuples.filter((path) => !/^tuple\b/.test(path))])
  const values = [...paths].map((path) => valueAt(path, requestAlone))
  const items = values.reduce<number>((sum, value) => sum + itemsOf(value), 0)
  return items > LIST_ITEMS || values.some((value) => depthOf(value) > LIST_DEPTH)
}

/** The items of a list and of the lists in it. */
function itemsOf(value: unknown): number {
  return Array.isArray(value) ? value.reduce((sum: number, item) => sum + itemsOf(item), value.length) : 0
}

function depthOf(value: unknown): number {
  return Array.isArray(value) ? value.reduce((deepest: number, item) => Math.max(deepest, 1 + depthOf(item)), 1) : 0
}

/** The paths outside of `item` that a condition reads. */
function pathsOf(condition: ConditionSource | undefined): string[] {
  if (condition === undefined) return []
  // Lists that expressions read are counted, too; no random request brings so many.
  if (typeof condition === 'string' || isCel(condition)) return []
  if (isAll(condition)) return condition.all.flatMap(pathsOf)
  if (isAny(condition)) return condition.any.flatMap(pathsOf)
  if (isNot(condition)) return pathsOf(condition.not)
  if (isTimed(condition)) return []
  if (isRelated(condition)) return termPaths(condition.related)
  return Object.entries(condition as Readonly<Record<string, Test>>).flatMap(([path, tests]) => {
    if (path === 'trust') return []
    const operands = tests !== null && typeof tests === 'object' ? tests : {}
    const inner = [operands.any_matches, operands.all_match, operands.none_match].flatMap(pathsOf)
    const references = Object.values(operands).flatMap((operand) => (isReference(operand) ? [operand.ref] : []))
    return [path, ...references, ...inner].filter((one) => !/^item\b/.test(one))
  })
}

function termPaths({ subject, object }: RelatedSource): string[] {
  return [subject, object]
    .flatMap((term) => {
      if (term === undefined) return []
      if (typeof term === 'string') return [term]
      return [term.type, term.id].flatMap((part) => (isReference(part) ? [part.ref] : []))
    })
    .filter((one) => !/^item\b/.test(one))
}
