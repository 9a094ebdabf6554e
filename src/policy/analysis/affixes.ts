/** What tests say about the beginning and the end of a string. */
import type { Pattern } from '../model.ts'
import type { PlainFact } from './possible.ts'

interface Affixes {
  readonly prefix: string
  readonly suffix: string
}

/** Whether two of the facts ask for beginnings, or ends, that no string can both have. */
export function opposes(facts: readonly PlainFact[]): boolean {
  const choices = facts.map(affixesOf).filter((choice) => choice.length > 0)
  return choices.some((left, i) =>
    choices.slice(i + 1).some((right) => !left.some((one) => right.some((other) => agree(one, other)))),
  )
}

function agree(a: Affixes, b: Affixes): boolean {
  return (
    (a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix)) &&
    (a.suffix.endsWith(b.suffix) || b.suffix.endsWith(a.suffix))
  )
}

/** The beginnings and ends one of which a fact asks for; none when it says nothing about them. */
function affixesOf({ test, holds }: PlainFact): readonly Affixes[] {
  if (!holds) return []
  if (test.kind === 'glob') return test.patterns.map(ofPattern)
  if (test.kind !== 'test' || test.operand.kind !== 'value' || typeof test.operand.value !== 'string') return []
  const { value } = test.operand
  if (test.op === 'starts_with') return [{ prefix: value, suffix: '' }]
  return test.op === 'ends_with' ? [{ prefix: '', suffix: value }] : []
}

function ofPattern(pattern: Pattern): Affixes {
  if (pattern.kind === 'exact') return { prefix: pattern.value, suffix: pattern.value }
  const first = pattern.tokens[0]
  const last = pattern.tokens.at(-1)
  return { prefix: first?.kind === 'literal' ? first.text : '', suffix: last?.kind === 'literal' ? last.text : '' }
}
