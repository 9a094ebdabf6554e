/** Permissions: `+` binds more tightly than `&`, and that more tightly than `-`; all of them from left to right. */
import type { RewriteSource } from '../policy/document.ts'
import type { Scanner } from './scanner.ts'

/** How somebody comes by it; undefined when nobody does (`nil`). */
type Rewrite = RewriteSource | undefined

/** Reads an expression; what is not covered goes to `uncovered`. */
export function readExpression(scanner: Scanner, uncovered: (what: string) => void): Rewrite {
  let base = joined(scanner, uncovered, '&')
  while (scanner.skip('-')) {
    const except = joined(scanner, uncovered, '&')
    if (base !== undefined && except !== undefined) base = { base, except }
  }
  return base
}

/** A chain of `&`, or of `+`. */
function joined(scanner: Scanner, uncovered: (what: string) => void, operator: '&' | '+'): Rewrite {
  const part = () => (operator === '&' ? joined(scanner, uncovered, '+') : operand(scanner, uncovered))
  const parts = [part()]
  while (scanner.skip(operator)) parts.push(part())
  const some = parts.filter((one) => one !== undefined)
  if (parts.length === 1 || some.length === 0) return some[0]
  if (operator === '&') return some.length < parts.length ? undefined : { all: some }
  return some.length === 1 ? some[0] : { any: some }
}

function operand(scanner: Scanner, uncovered: (what: string) => void): Rewrite {
  if (scanner.skip('(')) {
    const inner = scanner.nested(() => readExpression(scanner, uncovered))
    scanner.expect(')')
    return inner
  }
  const name = scanner.name('a relation or permission')
  if (name === 'nil') return undefined
  if (name === 'self') uncovered('"self": an object that is a subject of itself')
  if (scanner.skip('->')) return arrow(name, scanner.name('a relation or permission'), scanner, uncovered)
  if (!scanner.skip('.')) return name
  const every = scanner.name('"any" or "all"') === 'all'
  scanner.expect('(')
  const relation = scanner.name('a relation or permission')
  scanner.expect(')')
  if (every) uncovered(`${name}.all(${relation}): an intersection of arrows`)
  return arrow(name, relation, scanner, uncovered)
}

function arrow(from: string, relation: string, scanner: Scanner, uncovered: (what: string) => void): Rewrite {
  if (scanner.next === '->') {
    uncovered(`${from}->${relation}->…: an arrow from an arrow`)
    while (scanner.skip('->')) scanner.name('a relation or permission')
  }
  return { from, relation }
}
