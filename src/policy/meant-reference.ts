/** Strings that are plainly meant as attributes, `resource.requester: subject.id`: they are compared as text all the same. */
import { meantComparison } from './meant-comparison.ts'
import type { ScalarNode } from './node.ts'
import type { OperandUse } from './operand.ts'
import { parsePath } from './path.ts'
import { Refusal } from './refusal.ts'
import type { Advice } from './suggest.ts'

/** A root and names below it, maybe as templates have it. */
const shape =
  /^(?:\$\{\s*|\{\{\s*|\$(?=subject\.|resource\.|action\.|context\.|chain\.))?([a-z]+(?:\.[\w-]+|\[\d+\]|\["[^"\\]+"\])+)(?:\s*\}\}?)?$/
const ofOrder: readonly string[] = ['gt', 'gte', 'lt', 'lte', 'before', 'after']

/** Warns of a string constant that is a path of the request. */
export function warnOfReference(node: ScalarNode, use: OperandUse, isItem: boolean): void {
  const { operator, operand, scope } = use
  const path = meantPath(node.scalar, use)
  if (path === undefined) {
    warnOfText(node, use, isItem)
    return
  }
  const found = `${JSON.stringify(node.scalar)} is compared as text`
  const advice: Advice = isItem
    ? `lists hold constants; write a test of its own with { ref: ${path} } to compare with the attribute`
    : referenceAdvice(String(node.scalar), path, operand.at.key === operator ? ['ref'] : ['eq', 'ref'])
  scope.report.warning('W_REFERENCE', node.at, found, advice)
}

/** Warns of a text that is meant as something else than a path: a comparison, or a boolean of YAML 1.1. */
function warnOfText(node: ScalarNode, { operator, operand, path, scope }: OperandUse, isItem: boolean): void {
  const comparison = operator === 'eq' ? meantComparison(node.scalar) : undefined
  const found = `${JSON.stringify(node.scalar)} is compared as text`
  if (comparison !== undefined) {
    const advice = `write ${operand.at.key === operator ? 'it as an operator: ' : ''}${comparison}`
    scope.report.warning('W_OPERAND', node.at, found, advice)
    return
  }
  // Names of a request are texts, `no` for Norway too.
  const word = path.fixed || isItem || (operator !== 'eq' && operator !== 'neq') ? undefined : plainBoolean(node)
  if (word === undefined) return
  const meant = word === 'yes' || word === 'on'
  scope.report.warning('W_OPERAND', node.at, found, `write ${meant} for the boolean, or "${node.scalar}" in quotes`)
}

/** A word that was a boolean in YAML 1.1, without quotes. */
function plainBoolean({ scalar, at }: ScalarNode): string | undefined {
  const word = typeof scalar === 'string' ? scalar.toLowerCase() : ''
  if (!/^(?:yes|no|on|off)$/.test(word)) return undefined
  const written = at.source.text?.slice(at.offset, at.offset + word.length).toLowerCase()
  return written === word ? word : undefined
}

/** The path that a constant was meant for; `now` only where it is compared by order, as times are. */
export function meantPath(value: unknown, { operator, scope }: OperandUse): string | undefined {
  if (typeof value !== 'string') return undefined
  if (value === 'now') return ofOrder.includes(operator) ? value : undefined
  const path = shape.exec(value)?.[1]
  if (path === undefined) return undefined
  try {
    parsePath(path, scope.inItems, scope.inTuple)
    return path
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

function referenceAdvice(word: string, path: string, keys: readonly string[]): Advice {
  const source = (text: (part: string) => string) =>
    keys.reduceRight((inner, key) => `{ ${text(key)}: ${inner} }`, text(path))
  const plain = source((part) => (/^[\w.-]+$/.test(part) ? part : JSON.stringify(part)))
  const advice = `write ${plain} to compare with the attribute`
  return { advice, word, replacement: plain, json: source((part) => JSON.stringify(part)) }
}
