/** Tests of the roles that somebody holds (`subject.roles`, `chain.root.roles`): a list of names, which equals no single one. */
import type { Operator } from './keys.ts'
import type { AttributePath } from './model.ts'
import type { Node } from './node.ts'
import type { OperandUse } from './operand.ts'
import { describe, quote } from './read.ts'

/** Whether the path is that of a list of role names. */
export function isRoleNames({ root, keys }: AttributePath): boolean {
  if (root === 'subject') return keys.length === 1 && keys[0] === 'roles'
  return root === 'chain' && keys.length === 3 && keys[0] === 'root' && keys[2] === 'roles'
}

const ofOneList: readonly Operator[] = ['eq', 'neq']
const ofSeveralLists: readonly Operator[] = ['in', 'not_in']
const ofOneName: readonly Operator[] = ['contains', 'not_contains']
const ofItems: readonly Operator[] = ['any_matches', 'all_match', 'none_match']

/** Operators that can hold of a list of names. */
export const roleOperators: readonly Operator[] = [
  ...ofOneList,
  ...ofSeveralLists,
  ...ofOneName,
  ...ofItems,
  'exists',
  'contains_any',
  'contains_all',
  'is_subset',
]

/** What to write instead of an operator that no list of names satisfies. */
export function insteadForRoles(operator: string): string {
  const onTexts = ['starts_with', 'ends_with', 'glob', 'regex', 'not_regex'].includes(operator)
  const items = onTexts ? `{ any_matches: { item: { ${operator}: … } } }` : '{ contains: … }'
  return `write ${items}, or to: { role: … }`
}

/** Reports a constant that no list of names can be compared with; whether there is none. */
export function fitsRoles({ operator, path, operand, scope: { report } }: OperandUse): boolean {
  const wrong = misfit(operator as Operator, operand)
  if (wrong === undefined) return true
  const found = `"${path.text}" is a list of names and cannot be compared with ${describe(wrong)} ("${operator}")`
  report.error('E_OPERAND', wrong.at, found, adviceFor(operator as Operator, operand, path))
  return false
}

/** The first part of a constant that is of the wrong kind. What is broken, or a map, is told of by others. */
function misfit(operator: Operator, node: Node): Node | undefined {
  if (ofOneList.includes(operator)) return notNames(node)
  if (ofOneName.includes(operator)) return notName(node)
  if (node.kind !== 'list') return undefined
  const wrong = ofSeveralLists.includes(operator) ? notNames : notName
  return [...node.items].map(wrong).find((one) => one !== undefined)
}

function notNames(node: Node): Node | undefined {
  if (node.kind === 'scalar') return node
  return node.kind === 'list' ? [...node.items].map(notName).find((one) => one !== undefined) : undefined
}

function notName(node: Node): Node | undefined {
  if (node.kind === 'list') return node
  return node.kind === 'scalar' && typeof node.scalar !== 'string' ? node : undefined
}

function adviceFor(operator: Operator, operand: Node, path: AttributePath): string {
  const names = namesIn(operand)
  if (names === undefined) {
    const isNull = operand.kind === 'scalar' && operand.scalar === null
    return isNull && operator === 'eq' ? 'write { exists: false }' : 'write a name, or a list of names'
  }
  const [only] = names
  const shown = `[${names.map(quote).join(', ')}]`
  const test = only !== undefined && names.length === 1 ? `contains: ${quote(only)}` : `contains_any: ${shown}`
  if (operator === 'neq' || operator === 'not_in') return `write not: { ${path.text}: { ${test} } }`
  const target = path.root === 'subject' ? `, or to: { role: ${names.length === 1 ? only : shown} }` : ''
  return `write { ${test} }${target}`
}

/** The names that are given where a list, or a list of lists, belongs. */
function namesIn(node: Node): readonly string[] | undefined {
  const items = node.kind === 'list' ? [...node.items] : [node]
  const names = items.flatMap((item) =>
    item.kind === 'scalar' && typeof item.scalar === 'string' ? [item.scalar] : [],
  )
  return names.length > 0 && names.length === items.length ? names : undefined
}
