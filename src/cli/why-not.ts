/** What would have allowed a request, for people. */
import type { AccessRequest, NearRule, WhyNot } from '../engine/types.ts'
import { formatDecision, formatRequest } from './evaluate.ts'
import { formatRule, formatTest } from './explanation.ts'
import type { Style } from './style.ts'

/** The decision; then the rules that come near, with what they lack; then those in their way. */
export function formatWhyNot(whyNot: WhyNot, request: AccessRequest, paint: Style): string {
  const { decision, nearest, blockers, abstaining } = whyNot
  const lines = [formatRequest(request), formatDecision(decision, paint)]
  if (decision.decision) return lines.join('\n')
  lines.push('', nearest.length > 0 ? 'It would be allowed by' : 'No rule that allows comes near it.')
  lines.push(...nearest.flatMap((rule, i) => formatNear(rule, i === nearest.length - 1, paint)))
  if (blockers.length > 0) {
    lines.push('', 'In the way')
    lines.push(...blockers.flatMap((rule, i) => formatRule(rule, i === blockers.length - 1, paint)))
  }
  if (abstaining.length > 0) lines.push('', `All sets must agree, and no rule applies in ${abstaining.join(', ')}.`)
  return lines.join('\n')
}

function formatNear({ id, set, missing, blockedBy, place }: NearRule, last: boolean, paint: Style): string[] {
  const indent = last ? '   ' : '│  '
  const where = `${set === 'default' ? '' : `  set ${set}`}${place === undefined ? '' : `  ${paint.dim(place)}`}`
  const unless = blockedBy.length === 0 ? [] : [`${indent}   but ${blockedBy.join(', ')} would win over it`]
  const head = missing.length > 0 ? ', if' : ', which applies'
  return [
    `${last ? '└─' : '├─'} ${paint.bold(id)}${head}${where}`,
    ...missing.map((test) => `${indent}   ${formatTest(test, paint)}`),
    ...unless,
  ]
}
