/** The bodies that a PEP sends (AuthZEN Authorization API 1.0, sections 6 to 8). */
import type { JsonObject } from '../authzen/json.ts'

export interface PdpEntity {
  readonly type: string
  readonly id: string
  readonly properties?: JsonObject
}

export interface PdpAction {
  readonly name: string
  readonly properties?: JsonObject
}

export interface EvaluationRequest {
  readonly subject: PdpEntity
  readonly action: PdpAction
  readonly resource: PdpEntity
  readonly context?: JsonObject
}

/** Of a batch: whether all are decided, or those up to the first denial or permit (section 7.1.2.1). */
export type Semantic = 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit'

/** What an evaluation leaves out is taken from the request around it. */
export interface EvaluationsRequest extends Partial<EvaluationRequest> {
  readonly evaluations: readonly Partial<EvaluationRequest>[]
  readonly options?: {
    readonly evaluations_semantic?: Semantic
  }
}

/** Of what is searched for, the id (or the action) is left out. */
export interface SearchRequest {
  readonly subject: Omit<PdpEntity, 'id'> & { readonly id?: string }
  readonly action?: PdpAction
  readonly resource: Omit<PdpEntity, 'id'> & { readonly id?: string }
  readonly context?: JsonObject
  readonly page?: { readonly token?: string; readonly limit?: number } | JsonObject
}
