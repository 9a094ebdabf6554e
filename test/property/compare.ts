/** One document, several requests: what the engine says against what the reference evaluator says. */
import { isDeepStrictEqual } from 'node:util'
import type { Decision, Engine, EvaluateOptions } from '../../src/engine/types.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import { ChainDepthError } from '../reference/chain.ts'
import { type ReferenceDecision, referenceEvaluate } from '../reference/decide.ts'
import { Incomparable } from '../reference/expressions.ts'
import { RequestError } from '../reference/request-error.ts'
import type { Asked } from './generators.ts'

/** The two evaluators do not agree. */
export class Disagreement extends Error {
  override name = 'Disagreement'
  readonly asked: Asked
  readonly expected: unknown
  readonly got: unknown

  constructor(call: string, asked: Asked, expected: unknown, got: unknown) {
    super(`${call} and the reference evaluator disagree`)
    this.asked = asked
    this.expected = expected
    this.got = got
  }
}

const REQUEST_ERROR = 'a request error'
const TOO_DEEP = 'a chain that is too deep'

/**
 * @throws Disagreement at the first request whose decisions differ.
 */
export function compare(engine: Engine, document: PolicyDocument, requests: readonly Asked[]): void {
  const good: { readonly asked: Asked; readonly expected: ReferenceDecision }[] = []
  for (const asked of requests) {
    const expected = expectedOf(document, asked)
    if (expected === undefined) continue
    if (typeof expected !== 'string') {
      good.push({ asked, expected })
      continue
    }
    check(
      'evaluate',
      asked,
      expected,
      attempt(() => engine.evaluate(asked.request, optionsOf(asked))),
    )
    check(
      'explain',
      asked,
      expected,
      attempt(() => engine.explain(asked.request, optionsOf(asked)).decision),
    )
  }

  // All are decided before any is read: what a decision makes late must not depend on the requests after it.
  const single = good.map(({ asked }) => attempt(() => engine.evaluate(asked.request, optionsOf(asked))))
  const explained = good.map(({ asked }) => attempt(() => engine.explain(asked.request, optionsOf(asked)).decision))
  const { now, untrusted } = good[0]?.asked ?? {}
  const many = engine.evaluateMany(
    good.map(({ asked }) => asked.request),
    {
      ...(now !== undefined && { now: new Date(now).getTime() === now ? new Date(now) : now }),
      ...(untrusted && { untrusted }),
    },
  )
  good.forEach(({ asked, expected }, index) => {
    check('evaluate', asked, expected, single[index]!)
    check('explain', asked, expected, explained[index]!)
    const alike = { ...asked, now, untrusted }
    const isAlike = asked.now === now && asked.untrusted === untrusted
    const then = isAlike ? expected : expectedOf(document, alike)
    if (then !== undefined) check('evaluateMany', alike, then, many[index]!)
  })
  compareRun(engine, document, requests)
}

/** The first request about the resources of all, as they come and those of one type in a row: they share what they have alike. */
function compareRun(engine: Engine, document: PolicyDocument, requests: readonly Asked[]): void {
  const mixed = requests.map(({ request }) => request.resource)
  const resources = [...mixed, ...mixed.toSorted((a, b) => (String(a.type) < String(b.type) ? -1 : 1))]
  const asked = requests[0]!
  const run = resources.map((resource) => ({ ...asked, request: { ...asked.request, resource } }))
  const expected = run.map((one) => expectedOf(document, one))
  const good = run.filter((_, index) => typeof expected[index] === 'object')
  const decisions = engine.evaluateMany(
    good.map(({ request }) => request),
    optionsOf(asked),
  )
  const wanted = expected.filter((one) => typeof one === 'object')
  good.forEach((one, index) => void check('evaluateMany in a run', one, wanted[index]!, decisions[index]!))
}

/** Undefined when the reference evaluator cannot say. */
function expectedOf(
  document: PolicyDocument,
  { request, now, untrusted }: Asked,
): ReferenceDecision | string | undefined {
  try {
    return referenceEvaluate(document, request, now, untrusted)
  } catch (error) {
    if (error instanceof RequestError) return REQUEST_ERROR
    if (error instanceof ChainDepthError) return TOO_DEEP
    if (error instanceof Incomparable) return undefined
    throw error
  }
}

function optionsOf({ now, untrusted }: Asked): EvaluateOptions {
  return { ...(now !== undefined && { now }), ...(untrusted && { untrusted }) }
}

function attempt(decide: () => Decision): Decision | string {
  try {
    return decide()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'E_REQUEST') return REQUEST_ERROR
    return code === 'E_CHAIN_DEPTH' ? TOO_DEEP : String(error)
  }
}

function check(call: string, asked: Asked, expected: ReferenceDecision | string, got: Decision | string): void {
  const shape = typeof got === 'string' ? got : shapeOf(got, expected)
  const wanted = typeof expected === 'string' ? expected : withoutCut(expected)
  if (!isDeepStrictEqual(shape, wanted)) throw new Disagreement(call, asked, expected, shape)
}

/** What the reference evaluator knows of a decision; the text of a reason that no rule gives is the engine's own. */
function shapeOf(got: Decision, expected: ReferenceDecision | string): unknown {
  if (got.decision !== (got.status === 'allow')) return got
  const { status, rules, obligations, advice } = got
  // Whether a check is cut off depends on how much of the rest is looked at.
  const cut = typeof expected === 'object' && expected.cut === true && got.code === 'relation_limit'
  const code = cut ? expected.code : got.code
  const ownReason = typeof expected === 'object' && expected.reason === undefined && got.reason.length > 0
  return { status, code, rules, obligations, advice, reason: ownReason ? undefined : got.reason }
}

function withoutCut({ cut: _, ...expected }: ReferenceDecision): ReferenceDecision {
  return expected
}
