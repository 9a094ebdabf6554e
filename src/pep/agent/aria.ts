/** What an ARIA PDP says beside its decision: obligations, constraints, advice, and whether a person must approve. */
import type { JsonObject } from '../../authzen/json.ts'
import { isMap } from '../../text/is-map.ts'

export interface AriaObligation {
  readonly id: string
  readonly type: string
  readonly attributes: JsonObject
}

/** A bound on a parameter of the tool. */
export interface AriaConstraint {
  readonly field: string
  readonly operator: string
  readonly value: unknown
  /** All that the PDP said. */
  readonly raw: JsonObject
}

/** What a denied caller may do about it. */
export interface AriaAdvice {
  readonly message: string
  readonly severity: string
  readonly remediation: string
  readonly actionCode: string
  readonly actionParams: JsonObject
}

export interface AriaContext {
  readonly decisionId: string
  readonly obligations: readonly AriaObligation[]
  readonly constraints: readonly AriaConstraint[]
  readonly advice: readonly AriaAdvice[]
  readonly requiresApproval: boolean
  /** For the log. */
  readonly reasonAdmin: string
  /** For the person at the screen. */
  readonly reasonUser: string
  readonly raw: JsonObject
}

/** Reads a decision's context; what a PDP does not say is empty. */
export function readAriaContext(context: JsonObject = {}): AriaContext {
  const advice = [...mapsOf(context.advice)].map((one) => adviceOf({ ...one, message: one.message ?? one.id }, false))
  return {
    decisionId: text(context.decision_id ?? context.id),
    obligations: mapsOf(context.obligations).map(({ id, type, attributes }) => ({
      id: text(id),
      type: text(type),
      attributes: mapOf(attributes),
    })),
    constraints: mapsOf(context.constraints).map((raw) => ({
      field: text(raw.field),
      operator: text(raw.operator),
      value: raw.value ?? null,
      raw,
    })),
    advice: isMap(context.user_advice) ? [adviceOf(context.user_advice, true), ...advice] : advice,
    requiresApproval: isTruthy(context.requires_approval),
    reasonAdmin: reasonOf(context.reason_admin) ?? '',
    reasonUser: reasonOf(context.reason_user) ?? '',
    raw: context,
  }
}

/** A reason is a text, or a map of languages: the English one, or else the first. */
export function reasonOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (!isMap(value)) return undefined
  return text(value.en ?? Object.values(value)[0])
}

function adviceOf(one: JsonObject, mayAct: boolean): AriaAdvice {
  return {
    message: text(one.message),
    severity: text(one.severity),
    remediation: text(one.remediation),
    actionCode: mayAct ? text(one.action_code) : '',
    actionParams: mayAct ? mapOf(one.action_params) : {},
  }
}

function mapsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isMap) : []
}

function mapOf(value: unknown): JsonObject {
  return isMap(value) ? value : {}
}

function text(value: unknown): string {
  return value === undefined || value === null ? '' : String(value)
}

/** A PDP that says "yes", or anything else that is not nothing, wants an approval: asking once too often harms nobody. */
function isTruthy(value: unknown): boolean {
  return Boolean(value)
}
