/** The AuthZEN Authorization API 1.0 without its transport: bodies in, answers out. `service/` puts it behind HTTP. */
export type { DecisionContext, WireDecision } from '../engine/wire.ts'
export { formatDecision } from '../engine/wire.ts'
export { answerEvaluation, answerEvaluationBody } from './evaluation.ts'
export { answerEvaluations, type Semantic } from './evaluations.ts'
export { type JsonObject, parseBody, parseBytes } from './json.ts'
export { defaultLimits, type Limits } from './limits.ts'
export { describePdp, type Metadata, paths, wellKnownPath } from './metadata.ts'
export { readRequest } from './request.ts'
export {
  type ActionResult,
  type EntityResult,
  type SearchAnswer,
  type SearchOptions,
  searchActions,
  searchResources,
  searchSubjects,
} from './search.ts'
