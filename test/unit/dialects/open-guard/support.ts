/** Short ways to open-guard's policies, and to a decision by them. */
import { createEngine } from '../../../../src/engine/index.ts'
import type { Explanation } from '../../../../src/engine/types.ts'
import {
  importOpenGuard,
  type OpenGuardRequest,
  openGuardRequest,
} from '../../../../src/policy/dialects/open-guard/index.ts'
import type { PolicyDocument } from '../../../../src/policy/document.ts'

export type Policy = Readonly<Record<string, unknown>>

/** The document; throws what cannot be imported. */
export function imported(policies: readonly Policy[], rest: object = {}): PolicyDocument {
  const { document, diagnostics } = importOpenGuard({ policies, ...rest })
  if (document === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return document
}

/** `CODE message` of what an import has to say. */
export function remarks(policies: readonly Policy[], rest: object = {}): string[] {
  return importOpenGuard({ policies, ...rest }).diagnostics.map(({ code, message }) => `${code} ${message}`)
}

/** An abac policy that allows when this holds. */
export function abac(conditions: Policy, rest: Policy = {}): Policy {
  return { id: 'p', evaluator_type: 'abac', conditions, ...rest }
}

/** The condition of the only rule that such a policy becomes. */
export function when(conditions: Policy): unknown {
  return imported([abac(conditions)]).sets?.abac?.rules[0]?.when
}

/** A policy of that model. */
export function policyOf(model: string, conditions: Policy, rest: Policy = {}): Policy {
  return { id: 'p', evaluator_type: model, conditions, ...rest }
}

/** The condition of the only rule that a policy of that model becomes. */
export function whenOf(model: string, conditions: Policy): unknown {
  return imported([policyOf(model, conditions)]).sets?.[model]?.rules[0]?.when
}

export function ask(
  subject: Policy = {},
  resource: Policy = {},
  rest: Partial<OpenGuardRequest> = {},
): OpenGuardRequest {
  return {
    subject: { id: 'ann', attributes: subject },
    action: { name: 'read' },
    resource: { id: 'r1', resource_type: 'document', attributes: resource },
    ...rest,
  }
}

export async function explain(document: PolicyDocument, request: OpenGuardRequest): Promise<Explanation> {
  return (await createEngine({ policies: document })).explain(openGuardRequest(request), { now: 0 })
}

export async function statusOf(document: PolicyDocument, request: OpenGuardRequest): Promise<string> {
  return (await explain(document, request)).decision.status
}
