/**
 * trust: a score at least as high as the policy asks. Compared as they stand, because open-guard knows no scale: whether 1 is
 * the best score or next to nothing, only its users know.
 */
import { readValue } from '../../read.ts'
import { attributeOf } from './attribute.ts'
import { allOf, type Logic, test } from './logic.ts'
import { operatorOf } from './operators.ts'
import type { SourcePolicy } from './source.ts'

export function trustConditions({ conditions, at, report }: SourcePolicy): Logic {
  const entry = conditions.get('min_trust_score')
  const value = entry && readValue(entry.value, report)
  if (value === undefined || value === null) {
    report.warning('W_IMPORT', entry?.at ?? at, 'without min_trust_score a trust policy never matches')
    return false
  }
  const least = typeof value === 'boolean' ? Number(value) : value
  if (typeof least !== 'number') {
    report.error('E_IMPORT', entry?.at ?? at, 'min_trust_score must be a number', 'write it without quotes')
    return false
  }
  return reaches(least, conditions.get('trust_scope')?.value, report)
}

function reaches(
  least: number,
  node: Parameters<typeof readValue>[0] | undefined,
  report: SourcePolicy['report'],
): Logic {
  const scope = node && readValue(node, report)
  const own = atLeast('subject.trust_score', least)
  if (scope === 'root') return atLeast('chain.root_actor.trust_score', least)
  if (scope !== 'all') return own
  const ancestors = operatorOf('gte')({ path: 'item.trust_score', kind: 'any', marks: [] }, least)
  if (typeof ancestors === 'boolean') return own
  return allOf([own, test('chain.ancestors', { all_match: ancestors }, false)])
}

function atLeast(path: string, least: number): Logic {
  return operatorOf('gte')(attributeOf(path), least)
}
