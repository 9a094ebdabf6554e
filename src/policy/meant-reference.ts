/** Strings that are plainly meant as attributes, `resource.requester: subject.id`: they are compared as text all the same. */
import type { ScalarNode } from './node.ts'
import type { OperandUse } from './operand.ts'
import { parsePath } from './path.ts'
import { Refusal } from './refusal.ts'
import type { Advice } from './suggest.ts'

/** A root and names below it, maybe as templates have it. */
const shape = /^(?:\$\{\s*|\{\{\s*)?([a-z]+(?:\.[\w-]+|\[\d+\]|\["[^"\\]+"\])+)(?:\s*\}\}?)?$/
const ofOrder: readonly string[] = ['gt', 'gte', 'lt', 'lte', 'before', 'after']

/** Warns of a string constant that is a path of the request. */
export function warnOfReference(node: ScalarNode, use: OperandUse, isItem: boolean): void {
  const { operator, operand, scope } = use
  const path = meantPath(node.scalar, use)
  if (path === undefined) return
  const found = `${JSON.stringify(node.scalar)} is compared as text`
  const advice: Advice = isItem
    ? `lists hold constants; write a test of its own with { ref: ${path} } to compare with the attribute`
    : referenceAdvice(String(node.scalar), path, operand.at.key === operator ? ['ref'] : ['eq', 'ref'])
  scope.report.warning('W_REFERENCE', node.at, found, advice)
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
