/** What the tests of the engine share: short ways to an engine and to a request. */
import { createEngine } from '../../../src/engine/index.ts'
import type { AccessRequest, Engine, Properties } from '../../../src/engine/types.ts'
import { SallyportError } from '../../../src/errors.ts'
import type { ConditionSource, PolicyDocument, Rule } from '../../../src/policy/document.ts'

/** An engine over these rules and whatever else the document says. */
export function engineOf(rules: readonly Rule[], rest: Partial<PolicyDocument> = {}): Promise<Engine> {
  const policies: PolicyDocument = { version: 1, rules, ...rest }
  return createEngine({ policies })
}

/** An engine whose only rule allows "read" when the condition holds. */
export function engineWhen(when: ConditionSource, rest: Partial<PolicyDocument> = {}): Promise<Engine> {
  return engineOf([{ id: 'when', allow: 'read', when }], rest)
}

export interface Parts {
  readonly subject?: Properties
  readonly action?: Properties
  readonly resource?: Properties
  readonly context?: Properties
  readonly type?: string
  readonly id?: string
}

/** User alice reads a document; the arguments are the properties of the parts, and the resource's type and id. */
export function ask({ subject, action, resource, context, type = 'doc', id = 'd1' }: Parts = {}): AccessRequest {
  return {
    subject: { type: 'user', id: 'alice', ...(subject && { properties: subject }) },
    action: { name: 'read', ...(action && { properties: action }) },
    resource: { type, id, ...(resource && { properties: resource }) },
    ...(context && { context }),
  }
}

/** A request as a host without types may pass it: whatever JSON can say. */
export function untyped(value: unknown): AccessRequest {
  return value as AccessRequest
}

/** `code: message` of the error that the call throws, or a note that it threw none. */
export function failureOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    if (error instanceof SallyportError) return `${error.code}: ${error.message}`
    throw error
  }
  return 'no error'
}
