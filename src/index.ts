/** sallyport: an embedded authorization engine. Start with `createEngine`. */

export type { ClaimsOptions, TypeOfClaims } from './engine/claims.ts'
export { subjectFromClaims } from './engine/claims.ts'
export type { EngineOptions } from './engine/index.ts'
export { createEngine } from './engine/index.ts'
export type * from './engine/relations/types.ts'
export type {
  AccessRequest,
  Actor,
  BytesOptions,
  Decision,
  DecisionEngine,
  Delegator,
  Engine,
  EvaluateOptions,
  Explanation,
  Image,
  NearRule,
  Outcome,
  PartialDecision,
  PartialOptions,
  PolicyInput,
  PolicySource,
  Properties,
  ReasonCode,
  RequestState,
  RuleExplanation,
  Session,
  SetExplanation,
  Status,
  Subject,
  TestExplanation,
  WhyNot,
  WhyNotOptions,
} from './engine/types.ts'
export type { ErrorCode } from './errors.ts'
export { SallyportError } from './errors.ts'
export type { ActionOf, Policies, ResourceTypeOf, RoleOf } from './policy/define.ts'
export { definePolicies } from './policy/define.ts'
export type { Diagnostic, Fix, TextEdit, TextRange, Types } from './policy/diagnostic.ts'
export { formatDiagnostic, PolicyError } from './policy/diagnostic.ts'
export type * from './policy/document.ts'
export { applyFix } from './policy/fix.ts'
export { parsePolicies, prepareReading } from './policy/index.ts'
export type { Place } from './policy/model.ts'
