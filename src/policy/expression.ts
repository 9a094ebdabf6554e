/** Conditions written as CEL: text to a condition, with mistakes where they stand in the document. */
import { checkExpression } from '../cel/check.ts'
import type { Environment } from '../cel/environment.ts'
import type { Replacement } from '../cel/problem.ts'
import type { Range } from '../cel/tree.ts'
import { BOOL, named, overlap } from '../cel/types.ts'
import type { Condition } from './model.ts'
import type { ScalarNode } from './node.ts'
import { resolvePath, roots } from './path.ts'
import { parseRe2 } from './re2.ts'
import type { Report } from './report.ts'
import { positionInside } from './scalar-place.ts'
import { structured } from './structured.ts'
import type { Suggestion } from './suggest.ts'
import { checkZone } from './zone.ts'

const environment: Environment = { roots, path: resolvePath, regex: parseRe2, zone: checkZone }

/** Longer expressions belong into several rules. */
const maxLength = 16_384

type Expression = ScalarNode & { readonly value: string }

/** Reads an expression that must be a bool. Mistakes go to the report, and then the result is undefined. */
export function readExpression(node: Expression, report: Report): Condition | undefined {
  const text = node.value
  if (text.length > maxLength) {
    const found = `the expression has more than ${maxLength.toLocaleString('en')} characters`
    report.error('E_LIMIT', node.at, found, 'split the rule')
    return undefined
  }
  const { tree, problems } = checkExpression(text, environment)
  for (const { code, range, found, advice, types, fix } of problems) {
    const replaced = fix && { advice: advice ?? '', ...replacement(node, fix) }
    report.error(code, ...placed(node, range, found), replaced ?? advice, types)
  }
  if (tree === undefined) return undefined
  if (!overlap(tree.type, BOOL)) {
    const found = `the expression is ${named(tree.type)}, not a bool`
    const types = { found: [named(tree.type)], expected: ['a bool'] }
    report.error('E_CEL_TYPE', ...placed(node, tree.range, found), 'compare it with something', types)
    return undefined
  }
  return structured(tree, text)
}

/** The word of an expression, and what takes its place. */
function replacement(node: Expression, { range, text }: Replacement): Omit<Suggestion, 'advice'> {
  const at = positionInside(node.at, range)
  return { word: node.value.slice(range.start, range.end), replacement: text, ...(at !== undefined && { at }) }
}

/** A part of the expression; where there is no text to stand in, the message says with which character it begins. */
function placed({ at, value }: Expression, range: Range, found: string): [ScalarNode['at'], string] {
  const inside = positionInside(at, range)
  if (inside !== undefined) return [inside, found]
  const where = range.start > 0 || range.end < value.length ? ` (character ${range.start + 1} of the expression)` : ''
  return [at, found + where]
}
