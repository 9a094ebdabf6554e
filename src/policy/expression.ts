/** Conditions written as CEL: text to a condition, with mistakes where they stand in the document. */
import { checkExpression } from '../cel/check.ts'
import type { Environment } from '../cel/environment.ts'
import type { Replacement } from '../cel/problem.ts'
import type { PathRef, Range, Tree } from '../cel/tree.ts'
import { BOOL, JSON_VALUE, named, overlap, type Type } from '../cel/types.ts'
import { checkAddress, checkRange } from './cidr.ts'
import type { AttributePath, Condition } from './model.ts'
import type { Position } from './node.ts'
import { staticType } from './operand.ts'
import { partOfWhat, resolvePath, roots } from './path.ts'
import { parseRe2 } from './re2.ts'
import type { Report } from './report.ts'
import { positionInside } from './scalar-place.ts'
import { structured } from './structured.ts'
import type { Suggestion } from './suggest.ts'
import { checkZone } from './zone.ts'

const constants = { address: checkAddress, range: checkRange }
const environment: Environment = {
  roots,
  meant: (name) => partOfWhat(name),
  path: resolvePath,
  typeOf,
  regex: parseRe2,
  zone: checkZone,
  constants,
}
/** Of conditions on tuples. */
export const tupleEnvironment: Environment = {
  ...environment,
  roots: [...roots, 'tuple'],
  meant: (name) => partOfWhat(name, true),
}

/** What is known of an attribute, as a type of expressions. */
function typeOf(path: PathRef): Type | undefined {
  switch (staticType(path as AttributePath)) {
    case 'string':
      return { kind: 'string' }
    case 'number':
      return { kind: 'double' }
    case 'names':
      return { kind: 'list', of: { kind: 'string' } }
    case 'list':
      return { kind: 'list', of: JSON_VALUE }
    default:
      return undefined
  }
}

/** Longer expressions belong into several rules. */
const maxLength = 16_384

/** A text, and where it stands. */
interface Expression {
  readonly value: string
  readonly at: Position
}

/** Reads an expression that must be a bool. Mistakes go to the report, and then the result is undefined. */
export function readExpression(node: Expression, report: Report, inTuple = false): Condition | undefined {
  const tree = readTree(node.value, inTuple ? tupleEnvironment : environment, report, placesIn(node))
  return tree && structured(tree, node.value)
}

/** Where the parts of an expression stand in a document. */
export interface Places {
  /** The position of a part, and what is said of it. */
  at(range: Range, found: string): readonly [at: Position, found: string]
  /** Where a word may be replaced; undefined when the document does not have it. */
  inside(range: Range): Position | undefined
}

/** The tree of an expression that must be a bool. Mistakes go to the report, and then there is none. */
export function readTree(text: string, of: Environment, report: Report, places: Places): Tree | undefined {
  if (text.length > maxLength) {
    const found = `the expression has more than ${maxLength.toLocaleString('en')} characters`
    report.error('E_LIMIT', ...places.at({ start: 0, end: text.length }, found), 'split the rule')
    return undefined
  }
  const { tree, problems } = checkExpression(text, of)
  for (const { code, range, found, advice, types, fix } of problems) {
    const replaced = fix && { advice: advice ?? '', ...replacement(text, fix, places) }
    report.error(code, ...places.at(range, found), replaced ?? advice, types)
  }
  if (tree === undefined) return undefined
  if (!overlap(tree.type, BOOL)) {
    const found = `the expression is ${named(tree.type)}, not a bool`
    const types = { found: [named(tree.type)], expected: ['a bool'] }
    report.error('E_CEL_TYPE', ...places.at(tree.range, found), 'compare it with something', types)
    return undefined
  }
  return tree
}

/** The word of an expression, and what takes its place. */
function replacement(whole: string, { range, text }: Replacement, places: Places): Omit<Suggestion, 'advice'> {
  const at = places.inside(range)
  return { word: whole.slice(range.start, range.end), replacement: text, ...(at !== undefined && { at }) }
}

/** Places in a scalar; where there is no text to stand in, the message says with which character a part begins. */
export function placesIn(node: Expression): Places {
  const { at, value } = node
  return {
    inside: (range) => positionInside(at, range),
    at: (range, found) => {
      const inside = positionInside(at, range)
      if (inside !== undefined) return [inside, found]
      const where =
        range.start > 0 || range.end < value.length ? ` (character ${range.start + 1} of the expression)` : ''
      return [at, found + where]
    },
  }
}
