/** Decisions: immutable, made once per deciding rule and shared, with their texts read from the image on demand. */
import { Code } from '../../assembly/abi.ts'
import type { RuleText } from '../compiler/metadata.ts'
import type { Obligation } from '../policy/document.ts'
import type { ImageReader } from './image-reader.ts'
import type { Decision, ReasonCode, Status } from './types.ts'

/** By the core's Effect. */
export const STATUSES: readonly Status[] = ['deny', 'allow', 'review']

const CODES: Readonly<Record<number, ReasonCode>> = {
  [Code.Matched]: 'matched',
  [Code.NotEvaluable]: 'not_evaluable',
  [Code.NoMatch]: 'no_match',
  [Code.SetAbstained]: 'set_abstained',
  [Code.NoPolicies]: 'no_policies',
  [Code.Limit]: 'limit',
}

/** What is said when no deciding rule has a `because`. */
const REASONS: Readonly<Record<ReasonCode, string>> = {
  matched: '',
  not_evaluable: 'a rule that denies could not be evaluated',
  no_match: 'no rule applies',
  set_abstained: 'a set of policies that must agree has no rule that applies',
  no_policies: 'there are no policies',
  unknown_tenant: 'the request is of another tenant',
  limit: 'the request passes a limit of the engine',
  trap: 'the engine failed and denies',
}

/** A deciding rule as the core lists it: its index, or its index with the sign bit set when it was not evaluable. */
type DecidingRule = number

function ruleOf(deciding: DecidingRule): number {
  return deciding & 0x7fffffff
}

class ImageDecision implements Decision {
  readonly decision: boolean
  readonly status: Status
  readonly code: ReasonCode
  readonly imageId: string
  readonly #image: ImageReader
  readonly #deciding: readonly number[]
  #texts: readonly RuleText[] | undefined

  constructor(status: Status, code: ReasonCode, deciding: readonly number[], image: ImageReader, imageId: string) {
    this.decision = status === 'allow'
    this.status = status
    this.code = code
    this.imageId = imageId
    this.#image = image
    this.#deciding = deciding
  }

  get rules(): readonly string[] {
    return this.#rules().map((rule) => rule.id)
  }

  get reason(): string {
    const because = this.#rules().find((rule) => rule.because !== undefined)?.because
    if (because !== undefined) return because
    return REASONS[this.code] || `${this.status} by ${this.rules.map((id) => `"${id}"`).join(', ')}`
  }

  get obligations(): readonly Obligation[] {
    return this.#evaluable().flatMap((rule) => rule.obligations ?? [])
  }

  get advice(): readonly Obligation[] {
    return this.#evaluable().flatMap((rule) => rule.advice ?? [])
  }

  /** Getters are not own properties, so that JSON needs to be told of them. */
  toJSON(): Decision {
    const { decision, status, code, reason, rules, obligations, advice, imageId } = this
    return { decision, status, code, reason, rules, obligations, advice, imageId }
  }

  #rules(): readonly RuleText[] {
    this.#texts ??= this.#deciding.map((rule) => this.#image.ruleText(ruleOf(rule)))
    return this.#texts
  }

  #evaluable(): readonly RuleText[] {
    const rules = this.#rules()
    return rules.filter((_, i) => (this.#deciding[i] ?? 0) >= 0)
  }
}

/** Turns what the core returns into decisions. One per image. */
export class DecisionTable {
  readonly #image: ImageReader
  readonly #imageId: string
  /** For decisions that one rule made, by rule index; and by index for rules that could not be evaluated. */
  readonly #byRule: (Decision | undefined)[]
  readonly #byBrokenRule = new Map<number, Decision>()
  readonly #byCode = new Map<ReasonCode, Decision>()

  constructor(image: ImageReader, imageId: string) {
    this.#image = image
    this.#imageId = imageId
    this.#byRule = new Array<Decision | undefined>(image.ruleCount).fill(undefined)
  }

  /** The decision for the core's result; `i32` at `at` holds the deciding rules. */
  get(result: number, i32: Int32Array, at: number): Decision {
    if (result >>> 8 === 1) {
      const rule = i32[at]!
      // Never an index below 0: such a read costs the optimised code its place.
      const known = rule >= 0 ? this.#byRule[rule] : undefined
      if (known !== undefined) return known
    }
    return this.#make(result, i32, at)
  }

  /** A denial that no rule made. */
  denial(code: ReasonCode): Decision {
    const known = this.#byCode.get(code)
    if (known !== undefined) return known
    const decision = new ImageDecision('deny', code, [], this.#image, this.#imageId)
    this.#byCode.set(code, decision)
    return decision
  }

  #make(result: number, i32: Int32Array, at: number): Decision {
    const code = CODES[(result >>> 2) & 7] ?? 'trap'
    const count = result >>> 8
    if (count === 0) return this.denial(code)
    const deciding: DecidingRule[] = []
    for (let i = 0; i < count; i++) deciding.push(i32[at + i]!)
    const status = STATUSES[result & 3] ?? 'deny'
    if (count > 1) return new ImageDecision(status, code, deciding, this.#image, this.#imageId)
    return this.#makeAlone(deciding[0]!, status, code)
  }

  #makeAlone(rule: DecidingRule, status: Status, code: ReasonCode): Decision {
    const known = rule >= 0 ? undefined : this.#byBrokenRule.get(ruleOf(rule))
    if (known !== undefined) return known
    const decision = new ImageDecision(status, code, [rule], this.#image, this.#imageId)
    if (rule >= 0) this.#byRule[rule] = decision
    else this.#byBrokenRule.set(ruleOf(rule), decision)
    return decision
  }
}
