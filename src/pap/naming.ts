/**
 * Whether a rule's words name somebody: their id as a text, a pattern that their id fits, or ids looked at in a way that cannot be
 * followed without deciding (regular expressions, parts of ids, texts that an expression puts together). When in doubt, it does.
 */
import { type SubjectRef, subjectKey } from '../guard/subject-key.ts'
import type { ApprovalModel } from '../policy/approval-model.ts'
import type { AttributePath, Comparison, Condition, Pattern, RuleModel, TermModel } from '../policy/model.ts'
import { matchesPattern } from '../policy/pattern-match.ts'
import { foldCase } from '../text/fold.ts'
import { isActorId, mayNameAnybody, textsIn } from './naming-expression.ts'

export function isNamedByRule(author: SubjectRef, { subjectIds, condition, approval }: RuleModel): boolean {
  return (
    subjectIds.some((pattern) => matchesPattern(pattern, author.id)) ||
    (condition !== undefined && isNamedByCondition(author, condition)) ||
    (approval !== undefined && approves(author, approval))
  )
}

export function isNamedByCondition(author: SubjectRef, condition: Condition): boolean {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.some((one) => isNamedByCondition(author, one))
    case 'not':
    case 'otherwise':
    case 'items':
      return isNamedByCondition(author, condition.of)
    case 'expression':
      return mayNameAnybody(condition.tree) || textsIn(condition.tree).some((text) => isNameOf(author, text))
    default:
      return isNamedByComparison(author, condition)
  }
}

/** Whether one of the texts in a JSON value is their id, or `type:id`; whatever its case, as paths may be folded. */
export function isNamedByValue(author: SubjectRef, value: unknown): boolean {
  if (typeof value === 'string') return isNameOf(author, value)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, one]) => isNameOf(author, key) || isNamedByValue(author, one))
}

function isNameOf(author: SubjectRef, text: string): boolean {
  const folded = foldCase(text)
  return [author.id, `${author.type}:${author.id}`, subjectKey(author)].some((name) => foldCase(name) === folded)
}

function approves(author: SubjectRef, { stages, escalate }: ApprovalModel): boolean {
  const approvers = [...stages.flatMap(({ by }) => by), ...(escalate?.by ?? [])]
  return approvers.some((one) => one.kind === 'subject' && one.type === author.type && one.id === author.id)
}

type Simple = Exclude<Comparison, { readonly kind: 'items' | 'expression' }>

function isNamedByComparison(author: SubjectRef, comparison: Simple): boolean {
  switch (comparison.kind) {
    case 'test': {
      const { path, op, operand } = comparison
      if (operand.kind === 'path') return false
      return isNamedByValue(author, operand.value) || (isActorId(path) && op !== 'eq' && op !== 'in')
    }
    case 'glob':
      return comparison.patterns.some((pattern) => isNamedByPattern(author, comparison.path, pattern))
    case 'related':
      return [comparison.subject, comparison.object].some((term) => isNamedByTerm(author, term))
    case 'regex':
    case 'cidr':
    case 'semver':
    case 'time':
    case 'age':
      return isActorId(comparison.path)
    case 'equal':
    case 'exists':
    case 'during':
    case 'trust':
      return false
  }
}

function isNamedByPattern(author: SubjectRef, path: AttributePath, pattern: Pattern): boolean {
  if (pattern.kind === 'exact' && isNameOf(author, pattern.value)) return true
  return isActorId(path) && (path.fold === true || matchesPattern(pattern, author.id))
}

function isNamedByTerm(author: SubjectRef, { id }: TermModel): boolean {
  return id.kind === 'value' && isNameOf(author, id.value)
}
