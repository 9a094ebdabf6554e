/** Decisions by relations that others know: what a decision asks is found out, all together, and then it is decided again. */
import type { AccessRequest, Decision, Engine, EvaluateOptions } from '../engine/types.ts'
import type { AskedRelation, KnownRelation, RelationSettings, SourceAnswer } from './port.ts'

/**
 * Rounds in which only what matters so far is asked for. A rule that denies is looked at before one that allows, so that its answer may
 * lead to others. After these everything is asked at once, which no answer can add to.
 */
const FRUGAL_ROUNDS = 2
/** Policies that are replaced meanwhile may ask for something else. */
const MOST_ROUNDS = 6

/**
 * Decides as `engine.evaluate` does, with relations from a source. What it does not answer is not evaluable: the decision stands where it
 * does not depend on it, and otherwise denies with the code `relation_unknown`.
 *
 * @param engine made with `tuples: 'elsewhere'`
 * @throws SallyportError `E_REQUEST`, `E_CHAIN_DEPTH` as `evaluate` does; `E_USAGE` when the engine has its tuples itself
 * @example await decideByRelations(engine, { source: openFgaSource({ url, store }) }, request, { now: Date.now() })
 */
export async function decideByRelations(
  engine: Engine,
  settings: RelationSettings,
  request: AccessRequest,
  options: EvaluateOptions = {},
): Promise<Decision> {
  const known: KnownRelation[] = []
  let asOf: string | undefined
  for (let round = 0; ; round++) {
    const { decision, asked } = engine.evaluateWith(request, known, { ...options, everything: round >= FRUGAL_ROUNDS })
    if (asked.length === 0 || round === MOST_ROUNDS) return decision
    const answer = await ask(settings, asked, { context: request.context, asOf })
    asked.forEach((question, i) => {
      known.push({ ...question, holds: answer.holds[i] ?? 'unknown' })
    })
    asOf = answer.asOf ?? asOf
  }
}

/** Whether one relation certainly holds. */
export async function holdsByRelations(settings: RelationSettings, question: AskedRelation): Promise<boolean> {
  const { holds } = await ask(settings, [question], { context: undefined, asOf: undefined })
  return holds[0] === true
}

/** Nothing is known where the source fails. */
async function ask(
  { source, onFault }: RelationSettings,
  questions: readonly AskedRelation[],
  scene: Parameters<RelationSettings['source']['check']>[1],
): Promise<SourceAnswer> {
  try {
    return await source.check(questions, scene)
  } catch (error) {
    onFault?.(error)
    return { holds: [] }
  }
}
