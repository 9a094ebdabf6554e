/** Rules that the analysis calls idle, taken away: no random request may be decided differently, by the plain evaluator. */
import fc from 'fast-check'
import { analyseModel } from '../../src/policy/analysis/index.ts'
import type { PolicyDocument, Rule } from '../../src/policy/document.ts'
import { loadModel } from '../../src/policy/index.ts'
import { ChainDepthError } from '../reference/chain.ts'
import { referenceEvaluate } from '../reference/decide.ts'
import { Incomparable } from '../reference/expressions.ts'
import { RequestError } from '../reference/request-error.ts'
import { type Asked, asked, policyDocument } from './generators.ts'

export interface IdleOutcome {
  /** Pairs of a document without an idle rule and a request. */
  readonly pairs: number
  /** How often a rule that was taken away had been among the deciding ones: the others would prove little. */
  readonly decided: number
  /** Codes of the findings. */
  readonly codes: ReadonlyMap<string, number>
  readonly failure?: string
}

/** A document with some rules once more, a little changed: so that rules meet which are about the same. */
const crowded: fc.Arbitrary<PolicyDocument> = fc
  .tuple(policyDocument, fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat({ max: 7 })), { minLength: 1, maxLength: 6 }))
  .map(([document, copies]) => {
    const rules = [...(document.rules ?? [])]
    for (const [from, to, change] of copies) {
      const original = rules[from % Math.max(1, rules.length)]
      if (original !== undefined) rules.splice(to % rules.length, 0, changed(original, change, `copy-${rules.length}`))
    }
    return rules.length > 0 ? { ...document, rules } : document
  })

function changed({ id: _, allow, deny, review, ...rest }: Rule, change: number, id: string): Rule {
  const actions = allow ?? deny ?? review ?? '*'
  const same = allow !== undefined ? { allow } : deny !== undefined ? { deny } : { review: actions }
  const { on, to, when, unless, priority, ...others } = rest
  const all = { on, to, when, unless, priority }
  const { [(['on', 'to', 'when', 'unless', 'priority'] as const)[change] ?? 'on']: _out, ...some } = all
  const effect =
    change < 3 ? same : change < 5 ? { deny: actions } : change < 7 ? { allow: actions } : { review: actions }
  const kept = Object.fromEntries(Object.entries(change === 7 ? all : some).filter(([, value]) => value !== undefined))
  return { id, ...effect, ...kept, ...others }
}

export async function idleRules(runs: number, seed: number): Promise<IdleOutcome> {
  let pairs = 0
  let decided = 0
  const codes = new Map<string, number>()
  const property = fc.property(
    fc.oneof(policyDocument, crowded),
    fc.array(asked, { minLength: 10, maxLength: 20, size: 'max' }),
    (document, requests) => {
      for (const { code, idle, rule, found } of analyseModel(loadModel(document))) {
        codes.set(code, (codes.get(code) ?? 0) + 1)
        if (!idle || rule === undefined) continue
        const without = remove(document, rule)
        for (const one of requests) {
          const before = decide(document, one)
          const after = decide(without, one)
          if (before === undefined || after === undefined) continue
          pairs++
          if (before.rules.includes(rule)) decided++
          const expected = JSON.stringify([before.status, before.rules.filter((id) => id !== rule)])
          if (JSON.stringify([after.status, after.rules]) !== expected) {
            throw new Error(`"${rule}" matters, though ${found}: with it ${expected}, without ${JSON.stringify(after)}`)
          }
        }
      }
    },
  )
  for (let round = 0; pairs < runs; round++) {
    const details = fc.check(property, { seed: (seed + round) | 0, numRuns: 100 })
    if (details.failed) {
      const message = details.errorInstance instanceof Error ? details.errorInstance.message : ''
      const shown = JSON.stringify(details.counterexample?.[0], null, 2)
      return { pairs, decided, codes, failure: `${message} (seed ${details.seed})\n${shown}` }
    }
    // Leave room for others: tests share two cores.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { pairs, decided, codes }
}

/** Undefined where the plain evaluator cannot say; see Incomparable. */
function decide(
  document: PolicyDocument,
  { request, now, untrusted }: Asked,
): { status: string; rules: readonly string[] } | undefined {
  try {
    const { status, rules } = referenceEvaluate(document, request, now, untrusted)
    return { status, rules }
  } catch (error) {
    if (error instanceof Incomparable) return undefined
    if (error instanceof RequestError || error instanceof ChainDepthError) return { status: 'request error', rules: [] }
    throw error
  }
}

function remove(document: PolicyDocument, id: string): PolicyDocument {
  const without = (rules: readonly Rule[]) => rules.filter((rule) => rule.id !== id)
  const sets = Object.entries(document.sets ?? {}).map(([name, set]) => [name, { ...set, rules: without(set.rules) }])
  return {
    ...document,
    ...(document.rules && { rules: without(document.rules) }),
    ...(document.sets && { sets: Object.fromEntries(sets) }),
  }
}
