/** What random documents and requests are made of: outcomes, reason codes, and what every operator came to. */
import type { ConditionSource, PolicyDocument, Test, TrustCondition } from '../../src/policy/document.ts'
import { actorsOf, ChainDepthError } from '../reference/chain.ts'
import {
  evaluateCondition,
  evaluateOperator,
  isAll,
  isAny,
  isCel,
  isNot,
  isRelated,
  isTimed,
} from '../reference/conditions.ts'
import { referenceEvaluate } from '../reference/decide.ts'
import { Incomparable } from '../reference/expressions.ts'
import { read, type Scope } from '../reference/paths.ts'
import { heldRoles } from '../reference/roles.ts'
import { isDuringAny } from '../reference/time.ts'
import { evaluateTrust } from '../reference/trust.ts'
import type { Truth } from '../reference/values.ts'
import type { Asked } from './generators.ts'

export class Mix {
  readonly outcomes = new Map<string, number>()
  readonly operators = new Map<string, Record<`${Truth}`, number>>()
  readonly conditions: Record<`${Truth}`, number> = { true: 0, false: 0, 'n.e.': 0 }

  add(document: PolicyDocument, requests: readonly Asked[]): void {
    const rules = [document, ...Object.values(document.sets ?? {})].flatMap((set) => set.rules ?? [])
    for (const { request, now, untrusted } of requests) {
      this.count(outcomeOf(document, { request, now, untrusted }))
      const scope: Scope = { document, request, now, ...(untrusted && { untrusted }) }
      // Nothing can be said of conditions that may read roles or a chain which are malformed.
      if (!isWellFormed(scope)) continue
      for (const condition of rules.flatMap((rule) => [rule.when, rule.unless])) {
        if (condition === undefined) continue
        if (!isComparable(condition, scope)) continue
        this.conditions[`${evaluateCondition(condition, scope)}`]++
        this.walk(condition, scope)
      }
    }
  }

  /** Operators that did not come to each of true, false and not evaluable. */
  oneSided(): string[] {
    return [...this.operators].filter(([, counts]) => Object.values(counts).includes(0)).map(([name]) => name)
  }

  /** Tables of shares, for people. */
  toString(): string {
    const total = [...this.outcomes.values()].reduce((sum, count) => sum + count, 0)
    const outcomes = [...this.outcomes].sort((a, b) => b[1] - a[1])
    const rows = [...this.operators].sort(([a], [b]) => (a < b ? -1 : 1))
    return [
      'outcomes',
      ...outcomes.map(([name, count]) => `  ${name.padEnd(24)} ${percent(count, total)}`),
      `${'operators'.padEnd(26)}   true   false    n.e.   times`,
      ...[['whole conditions', this.conditions] as const, ...rows].map(([name, counts]) => {
        const times = counts.true + counts.false + counts['n.e.']
        const shares = [counts.true, counts.false, counts['n.e.']].map((count) => percent(count, times))
        return `  ${name.padEnd(24)} ${shares.join(' ')} ${String(times).padStart(7)}`
      }),
    ].join('\n')
  }

  private note(name: string, truth: Truth): void {
    const counts = this.operators.get(name) ?? { true: 0, false: 0, 'n.e.': 0 }
    this.operators.set(name, counts)
    counts[`${truth}`]++
  }

  private count(outcome: string): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1)
  }

  /** Every operator of the condition by itself, whether or not the whole depends on it. */
  private walk(condition: ConditionSource, scope: Scope): void {
    if (typeof condition === 'string' || isCel(condition)) return
    if (isAll(condition)) for (const part of condition.all) this.walk(part, scope)
    else if (isAny(condition)) for (const part of condition.any) this.walk(part, scope)
    else if (isNot(condition)) this.walk(condition.not, scope)
    else if (isTimed(condition)) this.note('during', isDuringAny(condition.during, scope))
    else if (isRelated(condition)) this.note('related', evaluateCondition(condition, scope))
    else for (const [path, tests] of Object.entries(condition)) this.walkEntry(path, tests, scope)
  }

  private walkEntry(path: string, tests: Test | TrustCondition, scope: Scope): void {
    if (path !== 'trust') this.walkTests(path, tests as Test, scope)
    else {
      const trust = tests as TrustCondition
      this.note(`trust over ${trust.over ?? 'all'}`, evaluateTrust(trust, scope))
    }
  }

  private walkTests(path: string, tests: Test, scope: Scope): void {
    const operators = tests !== null && typeof tests === 'object' ? tests : { eq: tests }
    const { otherwise, ignore_case = false, trusted = false, ...rest } = operators
    for (const [operator, operand] of Object.entries(rest)) {
      const truth = evaluateOperator(path, operator, operand, scope, { ignore_case, trusted })
      this.note(operator, truth)
      if (ignore_case) this.note(`${operator}, ignoring case`, truth)
      if (trusted && scope.untrusted !== undefined) this.note('trusted', truth)
      if (path.startsWith('chain.')) this.note('on the chain', truth)
    }
    const list = read(path, scope)
    for (const inner of [operators.any_matches, operators.all_match, operators.none_match]) {
      if (inner === undefined || !Array.isArray(list)) continue
      list.forEach((value, index) => {
        this.walk(inner, { ...scope, item: { value, list: path, index } })
      })
    }
  }
}

function isWellFormed(scope: Scope): boolean {
  try {
    heldRoles(scope)
    actorsOf(scope.document, scope.request)
    return true
  } catch {
    return false
  }
}

/** Whether the reference evaluator can say what the condition comes to; see Incomparable. */
function isComparable(condition: ConditionSource, scope: Scope): boolean {
  try {
    evaluateCondition(condition, scope)
    return true
  } catch (error) {
    if (error instanceof Incomparable) return false
    throw error
  }
}

function outcomeOf(document: PolicyDocument, { request, now, untrusted }: Asked): string {
  try {
    const { status, code } = referenceEvaluate(document, request, now, untrusted)
    return `${status}, ${code}`
  } catch (error) {
    return error instanceof ChainDepthError ? 'chain too deep' : 'request error'
  }
}

function percent(count: number, total: number): string {
  return `${((100 * count) / Math.max(1, total)).toFixed(1).padStart(5)} %`
}
