/** What random documents and requests are made of: outcomes, reason codes, and what every operator came to. */
import type { ConditionSource, PolicyDocument, Test } from '../../src/policy/document.ts'
import { evaluateCondition, evaluateOperator, isAll, isAny, isNot, isTimed } from '../reference/conditions.ts'
import { referenceEvaluate } from '../reference/decide.ts'
import { read, type Scope } from '../reference/paths.ts'
import { heldRoles } from '../reference/roles.ts'
import { isDuringAny } from '../reference/time.ts'
import type { Truth } from '../reference/values.ts'
import type { Asked } from './generators.ts'

export class Mix {
  readonly outcomes = new Map<string, number>()
  readonly operators = new Map<string, Record<`${Truth}`, number>>()
  readonly conditions: Record<`${Truth}`, number> = { true: 0, false: 0, 'n.e.': 0 }

  add(document: PolicyDocument, requests: readonly Asked[]): void {
    const rules = [document, ...Object.values(document.sets ?? {})].flatMap((set) => set.rules ?? [])
    for (const { request, now } of requests) {
      this.count(outcomeOf(document, { request, now }))
      const scope: Scope = { document, request, now }
      // Nothing can be said of conditions that may read roles which are malformed.
      if (!hasWellFormedRoles(scope)) continue
      for (const condition of rules.flatMap((rule) => [rule.when, rule.unless])) {
        if (condition === undefined) continue
        this.conditions[`${evaluateCondition(condition, scope)}`]++
        this.walk(condition, scope)
      }
    }
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

  private count(outcome: string): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1)
  }

  /** Every operator of the condition by itself, whether or not the whole depends on it. */
  private walk(condition: ConditionSource, scope: Scope): void {
    if (isAll(condition)) for (const part of condition.all) this.walk(part, scope)
    else if (isAny(condition)) for (const part of condition.any) this.walk(part, scope)
    else if (isNot(condition)) this.walk(condition.not, scope)
    else if (isTimed(condition)) this.note('during', isDuringAny(condition.during, scope))
    else for (const [path, tests] of Object.entries(condition)) this.walkTests(path, tests, scope)
  }

  private note(operator: string, truth: Truth): void {
    const counts = this.operators.get(operator) ?? { true: 0, false: 0, 'n.e.': 0 }
    this.operators.set(operator, counts)
    counts[`${truth}`]++
  }

  private walkTests(path: string, tests: Test, scope: Scope): void {
    const operators = tests !== null && typeof tests === 'object' ? tests : { eq: tests }
    for (const [operator, operand] of Object.entries(operators)) {
      if (operator === 'otherwise') continue
      this.note(operator, evaluateOperator(path, operator, operand, scope))
    }
    const list = read(path, scope)
    for (const inner of [operators.any_matches, operators.all_match, operators.none_match]) {
      if (inner === undefined || !Array.isArray(list)) continue
      for (const value of list) this.walk(inner, { ...scope, item: { value } })
    }
  }
}

function hasWellFormedRoles(scope: Scope): boolean {
  try {
    heldRoles(scope)
    return true
  } catch {
    return false
  }
}

function outcomeOf(document: PolicyDocument, { request, now }: Asked): string {
  try {
    const { status, code } = referenceEvaluate(document, request, now)
    return `${status}, ${code}`
  } catch {
    return 'request error'
  }
}

function percent(count: number, total: number): string {
  return `${((100 * count) / Math.max(1, total)).toFixed(1).padStart(5)} %`
}
