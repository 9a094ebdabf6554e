/** Attribute paths in expressions: `resource.owner`, `context.items[0].price`, and whether one is there. */

import type { Checker } from './check.ts'
import { isRawBytes, textOf } from './literal.ts'
import { refused } from './refused.ts'
import type { Syntax } from './syntax.ts'
import type { PathRef, Range, Tree } from './tree.ts'
import { BOOL, JSON_VALUE, type Type } from './types.ts'

interface Written {
  readonly root: string
  readonly keys: readonly (string | number)[]
}

/** Root and keys of a chain of constant keys, or undefined for anything else. */
function written(syntax: Syntax, checker: Checker): Written | undefined {
  if (syntax.op === 'id') {
    const root = syntax.args
    return checker.environment.roots.includes(root) && !checker.isVariable(root) ? { root, keys: [] } : undefined
  }
  if (syntax.op !== '.' && syntax.op !== '[]') return undefined
  const key = syntax.op === '.' ? checker.fieldOf(syntax) : constantKey(syntax.args[1], checker)
  if (key === undefined) return undefined
  const base = written(syntax.args[0], checker)
  return base && { root: base.root, keys: [...base.keys, key] }
}

/** A list may be long, but no request brings one longer than this. */
const maxIndex = 65_535n

function constantKey({ op, args, range }: Syntax, checker: Checker): string | number | undefined {
  if (op !== 'value') return undefined
  if (typeof args === 'string') return isRawBytes(checker, range) ? undefined : textOf(checker, args, range)
  return typeof args === 'bigint' && args >= 0n && args <= maxIndex ? Number(args) : undefined
}

/** The tree of an attribute path, or undefined when the syntax is none. */
export function attributePath(syntax: Syntax, checker: Checker): Tree | undefined {
  const { range } = syntax
  if (syntax.op === '.?') return optionalPath(syntax, checker)
  const path = written(syntax, checker)
  if (path === undefined) return undefined
  if (path.root === 'now' && path.keys.length === 0) return { kind: 'now', type: { kind: 'timestamp' }, range }
  const found = resolve(path, range, checker)
  if (found === undefined) return { kind: 'null', type: { kind: 'dyn' }, range }
  return { kind: 'slot', path: found, type: typeAt(found, checker), range }
}

function typeAt(path: PathRef, { environment }: Checker): Type {
  return environment.typeOf?.(path) ?? (path.fixed ? { kind: 'string' } : JSON_VALUE)
}

/** `resource.?owner`, where what it is read from is always there. */
function optionalPath(syntax: Extract<Syntax, { op: '.?' }>, checker: Checker): Tree | undefined {
  const base = written(syntax.args[0], checker)
  if (base === undefined || !isMapItself(base)) return undefined
  const path = resolve({ root: base.root, keys: [...base.keys, checker.fieldOf(syntax)] }, syntax.range, checker)
  if (path === undefined) return { kind: 'null', type: { kind: 'dyn' }, range: syntax.range }
  return { kind: 'optional-slot', path, type: { kind: 'optional', of: typeAt(path, checker) }, range: syntax.range }
}

/** `resource`, or `resource.properties`: a map that every request has. */
function isMapItself({ root, keys }: Written): boolean {
  return keys.length === 0 || (keys.length === 1 && keys[0] === 'properties' && root !== 'context')
}

/** `has(resource.owner)`; undefined when the operand is no attribute path. */
export function hasPath(operand: Syntax, range: Range, checker: Checker): Tree | undefined {
  const path = operand.op === '.' ? written(operand, checker) : undefined
  if (path === undefined) return undefined
  const found = resolve(path, operand.range, checker)
  const above: Written = { root: path.root, keys: path.keys.slice(0, -1) }
  const parent = isMapItself(above) ? undefined : resolve(above, operand.range, checker)
  if (found === undefined) return { kind: 'null', type: BOOL, range }
  return { kind: 'has-slot', parent, path: found, type: BOOL, range }
}

function resolve({ root, keys }: Written, range: Range, checker: Checker): PathRef | undefined {
  try {
    return checker.environment.path(root, keys, checker.source(range))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    refused(checker, 'E_PATH', range, error.message, error)
    return undefined
  }
}
