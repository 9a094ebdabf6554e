/** Facts in the words of the policy. Values of secret attributes are not told. */
import type { Comparison, Pattern } from '../model.ts'
import { quote } from '../read.ts'
import { isSecret, type SecretPath, secretText } from '../secrets.ts'
import type { Fact } from './branches.ts'
import type { Conflict } from './conflict.ts'

const negatives: Readonly<Record<string, string>> = {
  eq: 'neq',
  in: 'not_in',
  contains: 'not_contains',
  regex: 'not_regex',
}

/** @example sayConflict(conflict, []) // '"resource.size" cannot be both gt 5 and lt 3' */
export function sayConflict(conflict: Conflict, secrets: readonly SecretPath[]): string {
  const path = conflict[0] !== undefined && 'path' in conflict[0].test ? conflict[0].test.path : undefined
  const facts = [...new Set(conflict.map((fact) => sayFact(fact, secrets)))]
  if (path?.fixed && facts.length === 1) return `${quote(path.text)} is always there and can never be ${facts[0]}`
  if (facts.length === 1) return `${quote(path?.text ?? '')} can never be ${facts[0]}`
  const last = facts.at(-1)
  return `${quote(path?.text ?? '')} cannot be ${facts.length === 2 ? 'both ' : ''}${facts.slice(0, -1).join(', ')} and ${last}`
}

function sayFact({ test, holds }: Fact, secrets: readonly SecretPath[]): string {
  const operand = 'path' in test && isSecret(secrets, test.path) ? secretText : sayOperand(test)
  if (test.kind === 'exists') return `exists ${holds}`
  const operator = operatorOf(test)
  return `${holds ? operator : (negatives[operator] ?? `not ${operator}`)} ${operand}`
}

function operatorOf(test: Comparison): string {
  switch (test.kind) {
    case 'test':
      return test.op
    case 'semver':
      return `semver_${test.op}`
    case 'cidr':
      return 'ip_in_cidr'
    case 'items':
      return { any: 'any_matches', all: 'all_match', none: 'none_match' }[test.quantifier]
    case 'glob':
      // A target without wildcards.
      if (test.patterns.every(({ kind }) => kind === 'exact')) return test.patterns.length === 1 ? 'eq' : 'in'
      return 'glob'
    default:
      return test.kind
  }
}

function sayOperand(test: Comparison): string {
  switch (test.kind) {
    case 'test':
      return test.operand.kind === 'path' ? test.operand.path.text : short(JSON.stringify(test.operand.value))
    case 'glob':
      return short(sayPatterns(test.patterns))
    case 'regex':
      return short(quote(test.source))
    case 'semver':
      return quote(test.version)
    default:
      return '…'
  }
}

export function sayPatterns(patterns: readonly Pattern[]): string {
  return patterns.map((pattern) => quote(pattern.kind === 'exact' ? pattern.value : pattern.source)).join(' or ')
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
