/** An explanation as a tree for people. */
import type { AccessRequest, Explanation, Outcome, RuleExplanation, TestExplanation } from '../engine/types.ts'
import { formatDecision, formatRequest } from './evaluate.ts'
import type { Style } from './style.ts'

const signs: Readonly<Record<Outcome, string>> = { true: '✓', false: '✗', not_evaluable: '?' }

/** The decision, then each set with its vote, the rules that were looked at, and their tests. */
export function formatExplanation(explanation: Explanation, request: AccessRequest, paint: Style): string {
  const { decision, sets, rules } = explanation
  const lines = [formatRequest(request), formatDecision(decision, paint)]
  for (const { name, algorithm, vote, deciding } of sets) {
    const voted = vote === 'abstain' ? 'abstains' : `votes ${vote}`
    lines.push(
      '',
      `${paint.bold(`set ${name}`)}  ${algorithm}, ${voted}${deciding.length ? ` by ${deciding.join(', ')}` : ''}`,
    )
    const own = rules.filter(({ set }) => set === name)
    if (own.length === 0) lines.push('└─ no rule is about this subject, action and resource')
    lines.push(...own.flatMap((rule, i) => formatRule(rule, i === own.length - 1, paint)))
  }
  if (sets.length === 0) lines.push('', 'no set took part')
  return lines.join('\n')
}

/** A rule with its tests, as a branch of a tree. */
export function formatRule(rule: RuleExplanation, last: boolean, paint: Style): string[] {
  const { effect, id, outcome, deciding, place, tests } = rule
  const head = `${sign(outcome, paint)} ${effect} ${deciding ? paint.bold(id) : id}`
  const where = place === undefined ? '' : `  ${paint.dim(place)}`
  const indent = last ? '   ' : '│  '
  return [
    `${last ? '└─' : '├─'} ${head}${deciding ? '  decides' : ''}${where}`,
    ...(tests.length === 0 && outcome === 'true' ? [`${indent}   no conditions`] : []),
    ...tests.map((test) => `${indent}   ${formatTest(test, paint)}`),
  ]
}

/** A test on one line, with what it found. */
export function formatTest(
  { path, operator, expected, outcome, why, note, otherwise, ...found }: TestExplanation,
  paint: Style,
): string {
  if (path === '') {
    const reason = why === undefined ? '' : `  ${paint.dim(why)}`
    return `${sign(outcome, paint)} ${operator.replace(/cel$/, '')}${String(expected).replace(/\s+/g, ' ')}${reason}`
  }
  const value = 'actual' in found ? `is ${show(found.actual)}` : 'is missing'
  const actual = note === undefined ? value : `${value}; ${note}`
  const counted = otherwise === undefined ? '' : `, otherwise ${otherwise}`
  return `${sign(outcome, paint)} ${path} ${operator} ${show(expected)}${counted}  ${paint.dim(`${path} ${actual}`)}`
}

function sign(outcome: Outcome, paint: Style): string {
  const colour = { true: paint.green, false: paint.red, not_evaluable: paint.yellow }[outcome]
  return colour(signs[outcome])
}

/** Short enough for a line. */
function show(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
