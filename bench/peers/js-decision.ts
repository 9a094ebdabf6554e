/** The decisions of the hand-written JS index: the object that sallyport returns, lists made when they are read. */
import type { Decision, ReasonCode, Status } from '../../src/engine/types.ts'
import type { Obligation, Rule } from '../../src/policy/document.ts'

/** One or more rules decided, all of the same effect. */
export class RuleDecision implements Decision {
  readonly decision: boolean
  readonly status: Status
  readonly code: ReasonCode
  readonly imageId: string
  /** The deciding rules in document order, and which of them had a condition that could be evaluated. */
  readonly #deciding: readonly Rule[]
  readonly #evaluable: readonly boolean[]

  constructor(deciding: readonly Rule[], evaluable: readonly boolean[], deny: boolean, imageId: string) {
    this.decision = !deny
    this.status = deny ? 'deny' : 'allow'
    this.code = evaluable.includes(true) ? 'matched' : 'not_evaluable'
    this.imageId = imageId
    this.#deciding = deciding
    this.#evaluable = evaluable
  }

  get rules(): readonly string[] {
    return this.#deciding.map((rule) => rule.id)
  }

  get reason(): string {
    const because = this.#deciding.find((rule) => rule.because !== undefined)?.because
    return because ?? `${this.status} by ${this.rules.join(', ')}`
  }

  get obligations(): readonly Obligation[] {
    return this.#deciding.flatMap((rule, index) => (this.#evaluable[index] ? (rule.obligations ?? []) : []))
  }

  get advice(): readonly Obligation[] {
    return this.#deciding.flatMap((rule, index) => (this.#evaluable[index] ? (rule.advice ?? []) : []))
  }
}

/** No rule applied. */
export function noMatchDecision(imageId: string): Decision {
  return {
    decision: false,
    status: 'deny',
    code: 'no_match',
    reason: 'no rule applies',
    rules: [],
    obligations: [],
    advice: [],
    imageId,
  }
}
