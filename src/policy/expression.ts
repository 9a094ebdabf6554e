/** Conditions written as CEL: text to a condition, with mistakes where they stand in the document. */
import { checkExpression } from '../cel/check.ts'
import type { Environment } from '../cel/environment.ts'
import type { Tree } from '../cel/tree.ts'
import { BOOL, named, overlap } from '../cel/types.ts'
import type { Condition } from './model.ts'
import type { Position, ScalarNode } from './node.ts'
import { resolvePath, roots } from './path.ts'
import { parseRe2 } from './re2.ts'
import type { Report } from './report.ts'
import { positionInside } from './scalar-place.ts'
import { structured } from './structured.ts'
import { checkZone } from './zone.ts'

export const environment: Environment = { roots, path: resolvePath, regex: parseRe2, zone: checkZone }
/** Of conditions on tuples. */
export const tupleEnvironment: Environment = { ...environment, roots: [...roots, 'tuple'] }

/** Longer expressions belong into several rules. */
const maxLength = 16_384

type TextNode = ScalarNode & { readonly value: string }

/** Reads an expression that must be a bool. Mistakes go to the report, and then the result is undefined. */
export function readExpression(node: TextNode, report: Report, inTuple = false): Condition | undefined {
  const tree = readTree(node.value, inTuple ? tupleEnvironment : environment, report, placeIn(node))
  return tree && structured(tree, node.value)
}

/** Where the character at an index of an expression stands, and what is said of it. */
export type PlaceOf = (index: number, found: string) => readonly [at: Position, found: string]

/** The tree of an expression that must be a bool. Mistakes go to the report, and then there is none. */
export function readTree(text: string, of: Environment, report: Report, place: PlaceOf): Tree | undefined {
  if (text.length > maxLength) {
    const found = `the expression has more than ${maxLength.toLocaleString('en')} characters`
    report.error('E_LIMIT', ...place(0, found), 'split the rule')
    return undefined
  }
  const { tree, problems } = checkExpression(text, of)
  for (const { code, range, found, advice } of problems) report.error(code, ...place(range.start, found), advice)
  if (tree === undefined) return undefined
  if (!overlap(tree.type, BOOL)) {
    const found = `the expression is ${named(tree.type)}, not a bool`
    report.error('E_CEL_TYPE', ...place(tree.range.start, found), 'compare it with something')
    return undefined
  }
  return tree
}

/** Places in a scalar; where there is no text to stand in, the message says which character it is. */
export function placeIn(node: ScalarNode): PlaceOf {
  return (index, found) => {
    const at = positionInside(node.at, index)
    return at === undefined ? [node.at, `${found} (character ${index + 1} of the expression)`] : [at, found]
  }
}
