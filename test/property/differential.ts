/** Random documents and requests through the engine and the reference evaluator, until enough pairs agreed. */
import { inspect } from 'node:util'
import fc from 'fast-check'
import type { createEngine } from '../../src/engine/index.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import { compare, Disagreement } from './compare.ts'
import { type Asked, asked, policyDocument } from './generators.ts'

/** A document serves several requests, as compiling it takes much longer than deciding one. */
export const documentWithRequests = fc.tuple(
  policyDocument,
  fc.array(asked, { minLength: 1, maxLength: 40, size: 'max' }),
)

export interface Differential {
  readonly createEngine: typeof createEngine
  /** Pairs of a document and a request to compare, at least. */
  readonly runs: number
  readonly seed: number
  /** Called with the pairs compared so far, after every document. */
  readonly onProgress?: (pairs: number, documents: number) => void
  readonly onDocument?: (document: PolicyDocument, requests: readonly Asked[]) => void
}

export interface Outcome {
  readonly pairs: number
  readonly documents: number
  /** What to read when they disagreed. */
  readonly failure?: string
}

const DOCUMENTS_AT_A_TIME = 100

/** How long a disagreement is made smaller for: its last bits can take hours. */
const SHRINKING_MS = 60_000

/** Stops at the first disagreement, made as small as fast-check can make it in a minute. */
export async function differential(options: Differential): Promise<Outcome> {
  let pairs = 0
  let documents = 0
  for (let round = 0; pairs < options.runs; round++) {
    let shrinkingUntil: number | undefined
    const property = fc.asyncProperty(documentWithRequests, async ([document, requests]) => {
      if (shrinkingUntil !== undefined && performance.now() > shrinkingUntil) return
      try {
        const engine = await options.createEngine({ policies: document })
        compare(engine, document, requests)
        if (requests.length % 4 === 0) {
          compare(await options.createEngine({ image: engine.image.bytes }), document, requests.slice(0, 4))
        }
      } catch (error) {
        shrinkingUntil ??= performance.now() + SHRINKING_MS
        throw error
      }
      if (shrinkingUntil !== undefined) return
      pairs += requests.length
      documents++
      options.onDocument?.(document, requests)
      options.onProgress?.(pairs, documents)
    })
    // A seed of its own for every round, so that the seed of a failure replays only its round.
    const details = await fc.check(property, { seed: (options.seed + round) | 0, numRuns: DOCUMENTS_AT_A_TIME })
    if (details.failed) return { pairs, documents, failure: describe(details) }
  }
  return { pairs, documents }
}

function describe(details: fc.RunDetails<[[PolicyDocument, Asked[]]]>): string {
  const error = details.errorInstance
  const found = error instanceof Disagreement ? error : undefined
  const show = (value: unknown) => inspect(value, { depth: null, breakLength: 120 })
  const document = details.counterexample?.[0][0]
  return [
    `${error instanceof Error ? error.message : String(error)} (--seed ${details.seed}, path ${details.counterexamplePath}, ${details.numShrinks} shrinks)`,
    `document: ${JSON.stringify(document, null, 2)}`,
    ...(found
      ? [
          `now: ${found.asked.now}`,
          `untrusted: ${found.asked.untrusted?.join(', ') ?? 'nothing'}`,
          `request: ${show(found.asked.request)}`,
          `expected by the reference evaluator: ${show(found.expected)}`,
          `got from the engine: ${show(found.got)}`,
        ]
      : []),
  ].join('\n')
}
