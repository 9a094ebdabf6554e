/** Tests that the analysis understands, and those that can always be evaluated. */
import type { AttributePath, Comparison } from '../model.ts'

/** The members of a test, and of its path, that the analysis knows. A further one may change what the test means. */
const testKeys = ['kind', 'path', 'op', 'operand', 'patterns', 'source', 'ast', 'ranges', 'version', 'quantifier', 'of']
const plainKinds = ['test', 'exists', 'glob', 'regex', 'cidr', 'semver', 'items'] as const
const pathKeys = ['root', 'keys', 'fixed', 'text']

/** A test whose meaning is known here in full: of an attribute as the request has it. */
export type PlainTest = Extract<Comparison, { readonly kind: (typeof plainKinds)[number] }>

export function isPlain(test: Comparison): test is PlainTest {
  return (
    plainKinds.some((kind) => kind === test.kind) &&
    'path' in test &&
    hasOnly(test, testKeys) &&
    hasOnly(test.path, pathKeys)
  )
}

function hasOnly(value: object, keys: readonly string[]): boolean {
  for (const key in value) if (!keys.includes(key)) return false
  return true
}

/** Whether a test is true or false for every request: it compares a part that every request has with a constant. */
export function alwaysEvaluable(test: Comparison): boolean {
  if (!isPlain(test) || !test.path.fixed) return false
  if (test.kind === 'exists' || test.kind === 'glob') return true
  return test.kind === 'test' && test.operand.kind === 'value' && (test.op === 'eq' || test.op === 'in')
}

/** The same for all spellings of a path, and another for every modifier. */
export function pathKey(path: AttributePath): string {
  let key = `${path.root} ${path.fixed}`
  for (const part of path.keys) key += typeof part === 'number' ? `[${part}]` : `.${part.length}.${part}`
  if (hasOnly(path, pathKeys)) return key
  const { text: _, keys: __, ...modifiers } = path
  return key + JSON.stringify(modifiers)
}
