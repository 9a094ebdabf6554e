/** Conditions: maps of paths to tests, `during`, `trust`, CEL expressions, and `all`, `any`, `not` around them. */
import { readDuring } from './during.ts'
import { readExpression } from './expression.ts'
import { combinationSynonyms, conditionKeys, modifiers, type Operator, operatorSynonyms, operators } from './keys.ts'
import { type Mentions, noteActorTypes } from './mentions.ts'

import type { AttributePath, Condition } from './model.ts'
import { folds, modify } from './modifiers.ts'
import { type Entry, type MapNode, type Node, type ScalarNode, type SourceInfo, sourceOf } from './node.ts'
import { staticType } from './operand.ts'
import { type Maker, operatorMakers, type Scope, type Use, worksOn } from './operator.ts'
import { readPath } from './path.ts'
import { describe, hasAny, quote, readBoolean, readMap, reportProblems } from './read.ts'
import { readRelated } from './relations/related.ts'
import type { Report } from './report.ts'
import { insteadForRoles } from './role-names.ts'
import { type Advice, didYouMean, nearest, suggest } from './suggest.ts'
import { readTrust } from './trust.ts'

/** Conditions within conditions. */
const maxDepth = 32

/**
 * Reads the condition of a rule. Mistakes go to the report, and then the result may be incomplete or undefined; what can
 * only be checked later goes to `mentions`.
 */
export function readCondition(node: Node, report: Report, mentions: Mentions): Condition | undefined {
  return condition(node, { report, mentions, inItems: false, inTuple: false, source: sourceIn(node), depth: 1 })
}

/** Reads a condition on tuples, whose paths may start with `tuple`. */
export function readTupleCondition(node: Node, report: Report, mentions: Mentions): Condition | undefined {
  return condition(node, { report, mentions, inItems: false, inTuple: true, source: sourceIn(node), depth: 1 })
}

/** Most conditions are maps, which know it. */
function sourceIn(node: Node): SourceInfo {
  return node.kind === 'map' ? sourceOf(node) : node.at.source
}

/** All of the parts; one alone stands for itself. */
export function allOf(parts: readonly Condition[]): Condition | undefined {
  return parts.length > 1 ? { kind: 'all', of: parts } : parts[0]
}

function condition(node: Node, scope: Scope): Condition | undefined {
  const { report } = scope
  if (scope.depth > maxDepth) {
    report.error('E_LIMIT', node.at, `conditions are nested deeper than ${maxDepth}`, 'split the rule')
    return undefined
  }
  if (node.kind === 'scalar' && typeof node.scalar === 'string') return expression(node, node.scalar, scope)
  const advice =
    node.kind === 'list'
      ? 'write { all: [...] } or { any: [...] }'
      : 'write, for example, { resource.status: archived }'
  const map = readMap(node, report, 'a condition', advice)
  if (map === undefined) return undefined
  if (map.entries.size === 0) {
    if (map.problems.length === 0)
      report.error('E_MISSING', map.at, 'the condition is empty', 'name an attribute, or leave it out')
    return undefined
  }
  const combined = combinationIn(map)
  return combined === undefined ? allOf(map.entries.collect(test, scope)) : combination(combined, map, scope)
}

type ConditionKey = (typeof conditionKeys)[number]

const conditionKeySet: ReadonlySet<string> = new Set(conditionKeys)

function combinationIn({ entries }: MapNode): ConditionKey | undefined {
  return hasAny(entries.names, conditionKeySet) ? conditionKeys.find((key) => entries.has(key)) : undefined
}

function expression(node: ScalarNode, value: string, { report, inItems, inTuple }: Scope): Condition | undefined {
  if (!inItems) return readExpression({ value, at: node.at }, report, inTuple)
  const advice = 'write the whole as CEL: list.exists(item, …)'
  report.error('E_CONDITION', node.at, 'a CEL expression stands inside a condition over items', advice)
  return undefined
}

function combination(kind: ConditionKey, map: MapNode, scope: Scope): Condition | undefined {
  const { report } = scope
  for (const [key, entry] of map.entries) {
    if (key === kind) continue
    report.error(
      'E_CONDITION',
      entry.at,
      `${quote(key)} stands beside "${kind}"`,
      'put both into one list: all: [{ … }, { … }]',
    )
  }
  const entry = map.entries.get(kind)
  if (entry === undefined) return undefined
  if (kind === 'related') return readRelated(entry.value, scope)
  if (kind === 'cel') {
    const { value: node } = entry
    if (node.kind === 'scalar' && typeof node.scalar === 'string') return expression(node, node.scalar, scope)
    if (node.kind === 'broken') report.problem(node)
    else report.error('E_TYPE', node.at, `"cel" needs a string, not ${describe(node)}`, 'write an expression in quotes')
    return undefined
  }
  const inner: Scope = { ...scope, depth: scope.depth + 1 }
  if (kind === 'during') return readDuring(entry.value, report, scope.mentions.calendars)
  if (kind === 'not') {
    const of = condition(entry.value, inner)
    return of && { kind: 'not', of }
  }
  if (entry.value.kind !== 'list') {
    if (entry.value.kind === 'broken') report.problem(entry.value)
    else
      report.error(
        'E_TYPE',
        entry.value.at,
        `"${kind}" needs a list of conditions, not ${describe(entry.value)}`,
        `write ${kind}: [{ … }]`,
      )
    return undefined
  }
  if (entry.value.items.length === 0) {
    report.error('E_MISSING', entry.value.at, `the list of "${kind}" is empty`, 'name a condition, or leave it out')
    return undefined
  }
  const of = entry.value.items.map((item) => condition(item, inner)).filter((part) => part !== undefined)
  return of.length > 1 ? { kind, of } : of[0]
}

/** Reads an entry of a condition that is a map of tests. */
function test(entry: Entry, text: string, scope: Scope): Condition | undefined {
  if (text === 'trust' && scope.inTuple) {
    scope.report.error('E_CONDITION', entry.at, 'a condition on tuples cannot ask for trust', 'put it into a rule')
    return undefined
  }
  if (text === 'trust' && !scope.inItems) return readTrust(entry.value, scope)
  const meant = combinationSynonyms.get(text.toLowerCase())
  if (meant !== undefined) {
    scope.report.error('E_PATH', entry.at, `unknown path ${quote(text)}`, suggest(text, meant))
    return undefined
  }
  const path = readPath(text, entry, scope, scope.report)
  if (path === undefined && isNested(entry.value)) return undefined
  // With a bad path the test is still read, so that its own mistakes are told at the same time.
  return readTest(path ?? { root: 'context', keys: [text], fixed: false, text }, entry, scope)
}

/** Whether a key that is no path holds `{ status: archived }`: then it was meant as the first half of a path. */
function isNested(node: Node): boolean {
  return (
    node.kind === 'map' &&
    [...node.entries.keys()].every((key) => nearest(key, operators, operatorSynonyms) === undefined)
  )
}

/** Reads what stands behind a path: a scalar, or operators that must all hold. */
export function readTest(plain: AttributePath, entry: Entry, scope: Scope): Condition | undefined {
  const node = entry.value
  if (node.kind === 'scalar' || node.kind === 'broken') return operatorTest(entry, 'eq', { path: plain, scope })
  const { report } = scope
  if (node.kind === 'list') {
    const advice = 'write { in: [...] } or { eq: [...] }'
    report.error('E_TYPE', node.at, `the test of "${plain.text}" is a bare list`, advice)
    return undefined
  }
  const { names } = node.entries
  const beside = countModifiers(names)
  const path = beside === 0 ? plain : modify(plain, node, report)
  reportProblems(node, report)
  if (beside === names.length && node.problems.length === 0) {
    report.error('E_MISSING', node.at, `the test of "${path.text}" has no operator`, 'write, for example, { eq: … }')
  }
  const of = allOf(node.entries.collect(operatorTest, { path, scope }))
  const otherwise = beside === 0 ? undefined : node.entries.get('otherwise')
  if (otherwise === undefined) return of
  const value = readBoolean(otherwise.value, report, '"otherwise"')
  return of && value !== undefined ? { kind: 'otherwise', of, value } : undefined
}

const modifierSet: ReadonlySet<string> = new Set(modifiers)

function countModifiers(names: readonly string[]): number {
  let count = 0
  for (let i = 0; i < names.length; i++) if (modifierSet.has(names[i] as string)) count++
  return count
}

/** The attribute of a test, and what surrounds it. */
type Tested = Pick<Use, 'path' | 'scope'>

/** Reads one key of a test: an operator, or a modifier, which is none. */
function operatorTest(entry: Entry, key: string, { path, scope }: Tested): Condition | undefined {
  const { report } = scope
  const maker = makers.get(key)
  if (maker === undefined) {
    if (!modifierSet.has(key)) report.error('E_OPERATOR', entry.at, `unknown operator ${quote(key)}`, instead(key))
    return undefined
  }
  const operator = key as Operator
  if (!worksOn(operator, path)) {
    const type = staticType(path)
    const known = type === 'names' ? 'a list of names' : `always a ${type}`
    const advice = type === 'names' ? insteadForRoles(operator) : 'use another operator'
    report.error('E_OPERATOR', entry.at, `"${operator}" cannot work on "${path.text}", which is ${known}`, advice)
    return undefined
  }
  if (path.fold && !folds(operator, path, entry.at, report)) return undefined
  const operand = entry.value
  noteActorTypes(operator, operand, path, scope.mentions)
  return maker({ operator, path, entry, operand, scope })
}

/** What to write instead of an unknown operator. */
function instead(key: string): Advice {
  if (key === 'ref') return 'write { eq: { ref: … } }'
  const meant = didYouMean(key, [...operators, ...modifiers], operatorSynonyms)
  return meant ?? `write one of ${operators.slice(0, 8).join(', ')}, …`
}

const quantifier =
  (kind: 'any' | 'all' | 'none'): Maker =>
  ({ operator, path, entry, operand, scope }) => {
    if (scope.inItems) {
      const found = `"${operator}" cannot stand inside another condition over items`
      scope.report.error('E_OPERATOR', entry.at, found, 'test a key of the item instead')
      return undefined
    }
    const inItems = staticType(path) === 'list' ? 'actors' : true
    const of = condition(operand, { ...scope, inItems, depth: scope.depth + 1 })
    return of && { kind: 'items', path, quantifier: kind, of }
  }

/** A record, so that no operator can be forgotten. */
const makersOf: Readonly<Record<Operator, Maker>> = {
  ...operatorMakers,
  any_matches: quantifier('any'),
  all_match: quantifier('all'),
  none_match: quantifier('none'),
}

const makers: ReadonlyMap<string, Maker> = new Map(Object.entries(makersOf))
