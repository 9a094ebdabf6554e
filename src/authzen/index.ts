/** The AuthZEN Authorization API 1.0 without its transport: bodies in, answers out. `service/` puts it behind HTTP. */

export { createPace, type Pace, type Turns } from '../pace.ts'
export { type CoazMapping, compileMapping, type Inputs, isPermitted, type MappedRequest } from './coaz/mapping.ts'
export {
  createMcpMapper,
  type McpMapper,
  type McpMapperOptions,
  type McpMessage,
  type McpQuestion,
} from './coaz/mcp.ts'
export {
  type Caller,
  type Decide,
  type DecisionPoint,
  decideAt,
  decideBy,
  type Endpoint,
  type EndpointAnswer,
  type EndpointCall,
  type Profile,
  ProfileError,
} from './decide.ts'
export type { DecisionContext, WireDecision } from './decision.ts'
export { formatDecision } from './decision.ts'
export { answerEvaluation, answerEvaluationBytes } from './evaluation.ts'
export { answerEvaluations, type Semantic } from './evaluations.ts'
export { type JsonObject, parseBody, parseBytes } from './json.ts'
export { defaultLimits, type Limits } from './limits.ts'
export { describePdp, type Metadata, type PdpDescription, paths, signMetadata, wellKnownPath } from './metadata.ts'
export { createPageTokens, type PageTokens } from './page-token.ts'
export * from './profiles/access-request/index.ts'
export { type ObligationsOptions, obligationsProfile, type ProfiledObligation } from './profiles/obligations.ts'
export { relationsFrom } from './profiles/relations.ts'
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
export { createSigner, type Signer, type SigningKey } from './signer.ts'
