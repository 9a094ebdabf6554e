/**
 * Macros as tests of items: `list.all(x, …)` and `list.exists(x, …)`, where what is asked of x are tests of it, or of parts of
 * it, against constants. The core then needs no variable and no values in between. The rest stays an expression.
 */
import { CelFold } from '../../assembly/abi/cel.ts'
import type { PathRef, Tree } from '../cel/tree.ts'
import type { AttributePath, Condition } from './model.ts'
import { constantTest } from './structured.ts'

/** Deeper parts keep the whole an expression, so that conditions stay within what the core takes. */
const maxDepth = 8

export interface ItemsTest {
  /** A list, or a map whose keys are gone through. */
  readonly path: PathRef
  readonly quantifier: 'any' | 'all'
  /** Its paths have the root `item`. */
  readonly of: Condition
}

/** The test that a checked expression is; undefined when it is none. */
export function itemsTest(tree: Tree): ItemsTest | undefined {
  if (tree.kind !== 'fold' || tree.variables !== 1 || tree.over.kind !== 'slot') return undefined
  if (tree.fold !== CelFold.All && tree.fold !== CelFold.Exists) return undefined
  const [body, ...others] = tree.bodies
  if (body === undefined || others.length > 0) return undefined
  const of = condition(body, tree.local, 0)
  return of && { path: tree.over.path, quantifier: tree.fold === CelFold.All ? 'all' : 'any', of }
}

function condition(tree: Tree, local: number, depth: number): Condition | undefined {
  if (depth >= maxDepth) return undefined
  if (tree.kind === 'and' || tree.kind === 'or') {
    const of = tree.of.map((part) => condition(part, local, depth + 1))
    if (!of.every((part) => part !== undefined)) return undefined
    return { kind: tree.kind === 'and' ? 'all' : 'any', of }
  }
  if (tree.kind === 'not') {
    const of = condition(tree.of, local, depth + 1)
    return of && { kind: 'not', of }
  }
  return constantTest(tree, (part) => itemPath(part, local))
}

/** The item itself, or a part of it. */
function itemPath(tree: Tree, local: number): AttributePath | undefined {
  const keys: string[] = []
  let current = tree
  for (; current.kind === 'select'; current = current.of) keys.unshift(current.key)
  if (current.kind !== 'local' || current.index !== local) return undefined
  return { root: 'item', keys, fixed: false, text: ['item', ...keys].join('.') }
}
