/** The enforcing side of AuthZEN: a client for any PDP, and what agents' tool calls look like to one. */

export type { BreakerOptions } from '../http/tries.ts'
export {
  type AriaAdvice,
  type AriaConstraint,
  type AriaContext,
  type AriaObligation,
  readAriaContext,
} from './agent/aria.ts'
export { type AgentContext, type AgentMapping, type AgentRequestOptions, mapAgentContext } from './agent/mapping.ts'
export { type AgentDecision, type AgentPep, type AgentPepOptions, createAgentPep } from './agent/pep.ts'
export type { PdpActionResult, PdpDecision, PdpEntityResult, PdpPage } from './answers.ts'
export { allPages, type CallOptions, createPdpClient, type PdpClient, type PdpClientOptions } from './client.ts'
export { apiKey, bearer, type ClientCredentialsOptions, type Credentials, clientCredentials } from './credentials.ts'
export type { CacheOptions } from './decision-cache.ts'
export type { Endpoints } from './discovery.ts'
export { PdpError } from './error.ts'
export type { EvaluationRequest, EvaluationsRequest, PdpAction, PdpEntity, SearchRequest } from './requests.ts'
