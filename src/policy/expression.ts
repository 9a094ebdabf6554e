/** Conditions written as CEL: text to a condition, with mistakes where they stand in the document. */
import { checkExpression } from '../cel/check.ts'
import type { Environment } from '../cel/environment.ts'
import { BOOL, named, overlap } from '../cel/types.ts'
import type { Condition } from './model.ts'
import type { ScalarNode } from './node.ts'
import { resolvePath, roots } from './path.ts'
import { parseRe2 } from './re2.ts'
import type { Report } from './report.ts'
import { positionInside } from './scalar-place.ts'
import { structured } from './structured.ts'
import { checkZone } from './zone.ts'

const environment: Environment = { roots, path: resolvePath, regex: parseRe2, zone: checkZone }

/** Longer expressions belong into several rules. */
const maxLength = 16_384

/** Reads an expression that must be a bool. Mistakes go to the report, and then the result is undefined. */
export function readExpression(node: ScalarNode & { readonly value: string }, report: Report): Condition | undefined {
  const text = node.value
  if (text.length > maxLength) {
    const found = `the expression has more than ${maxLength.toLocaleString('en')} characters`
    report.error('E_LIMIT', node.at, found, 'split the rule')
    return undefined
  }
  const { tree, problems } = checkExpression(text, environment)
  for (const { code, range, found, advice } of problems) {
    report.error(code, ...placed(node, range.start, found), advice)
  }
  if (tree === undefined) return undefined
  if (!overlap(tree.type, BOOL)) {
    const found = `the expression is ${named(tree.type)}, not a bool`
    report.error('E_CEL_TYPE', ...placed(node, tree.range.start, found), 'compare it with something')
    return undefined
  }
  return structured(tree, text)
}

/** The position of a character of the expression; where there is no text to stand in, the message says which it is. */
function placed(node: ScalarNode, index: number, found: string): [ScalarNode['at'], string] {
  const at = positionInside(node.at, index)
  return at === undefined ? [node.at, `${found} (character ${index + 1} of the expression)`] : [at, found]
}
