/** Decisions: immutable, with their texts read from the image on demand. */
import { Code, Effect } from '../../assembly/abi/decision.ts'
import type { RuleText } from '../compiler/metadata.ts'
import type { Obligation } from '../policy/document.ts'
import { reasonCodes, reasonTexts, separationReason } from '../text/reasons.ts'
import type { ImageReader } from './image-reader.ts'
import type { Decision, ReasonCode, RequiredApproval, Status } from './types.ts'

/** By the core's Effect. */
export const STATUSES: readonly Status[] = ['deny', 'allow', 'review']

/** A deciding rule as the core lists it: its index, or its index with the sign bit set when it was not evaluable. */
type DecidingRule = number

/**
 * Turns what the core returns into decisions. A decision is two words until it is read: making it afresh costs less than
 * finding one made earlier, which with many rules is in nobody's cache.
 */
export class DecisionTable {
  readonly #image: ImageReader
  readonly #texts = new Map<number, RuleText>()
  readonly #codes: Readonly<Record<number, ReasonCode>>
  /** By Code: made when first met, once, for they are many. */
  readonly #finals: Decision[] = []

  /** @param elsewhere Whether others know the tuples: what cuts a check short is then that they have not said. */
  constructor(image: ImageReader, elsewhere: boolean) {
    this.#image = image
    this.#codes = elsewhere ? { ...reasonCodes, [Code.RelationLimit]: 'relation_unknown' } : reasonCodes
  }

  get imageId(): string {
    return this.#image.id
  }

  code(result: number): ReasonCode {
    return this.#codes[(result >>> 2) & 7] ?? 'trap'
  }

  /** The decision for the core's result; `i32` at `at` holds the deciding rules. */
  get(result: number, i32: Int32Array, at: number): Decision {
    const count = result >>> 8
    if (count === 1) return new ImageDecision(this, result, i32[at]!)
    if (count === 0) return this.final(result)
    // By hand: Array.from of a part takes as long as the decision. Of its length at once: `push` makes room for seventeen.
    const deciding = new Array<DecidingRule>(count)
    for (let i = 0; i < count; i++) deciding[i] = i32[at + i]!
    return new ImageDecision(this, result, deciding)
  }

  /** The denial for a result that no rule made: what `match` returns when it is final. */
  final(result: number): Decision {
    const code = (result >>> 2) & 7
    if (code === Code.SeparationOfDuty) return new ImageDecision(this, result, 'separation_of_duty')
    // Frozen, as it is handed out to many.
    this.#finals[code] ??= Object.freeze(this.denial(this.code(result)))
    return this.#finals[code]
  }

  /** A denial that no rule made. */
  denial(code: ReasonCode): Decision {
    return new ImageDecision(this, 0, code)
  }

  /** What is said when no deciding rule has a `because`. */
  reason(code: ReasonCode, result: number): string {
    if (code !== 'separation_of_duty') return reasonTexts[code]
    const { kind, atMost, roles } = this.#image.separation(result >>> 8)
    return separationReason(kind, atMost, roles)
  }

  text(rule: DecidingRule): RuleText {
    const index = rule & 0x7fffffff
    const known = this.#texts.get(index)
    if (known !== undefined) return known
    // Obligations are handed out as they are, to many.
    const text = freeze(this.#image.ruleText(index))
    this.#texts.set(index, text)
    return text
  }
}

/** Freezes a JSON value, all the way down. */
function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) freeze(part)
  return Object.freeze(value)
}

/** A decision that rules made, or why none did. One class for both: who reads decisions then meets one shape of object. */
class ImageDecision implements Decision {
  /** These two are its own, so that copies, clones and comparisons of decisions do not lose what they are about. */
  readonly decision: boolean
  readonly status: Status
  readonly #table: DecisionTable
  readonly #result: number
  readonly #deciding: DecidingRule | readonly DecidingRule[] | ReasonCode

  constructor(table: DecisionTable, result: number, deciding: DecidingRule | readonly DecidingRule[] | ReasonCode) {
    this.decision = (result & 3) === Effect.Allow
    this.status = STATUSES[result & 3] ?? 'deny'
    this.#table = table
    this.#result = result
    this.#deciding = deciding
  }

  get code(): ReasonCode {
    return typeof this.#deciding === 'string' ? this.#deciding : this.#table.code(this.#result)
  }

  get imageId(): string {
    return this.#table.imageId
  }

  get rules(): readonly string[] {
    return this.#list().map((rule) => this.#table.text(rule).id)
  }

  get reason(): string {
    for (const rule of this.#list()) {
      const { because } = this.#table.text(rule)
      if (because !== undefined) return because
    }
    return this.#table.reason(this.code, this.#result) || `${this.status} by "${this.rules.join('", "')}"`
  }

  get obligations(): readonly Obligation[] {
    return this.#all(({ obligations }) => obligations)
  }

  get advice(): readonly Obligation[] {
    return this.#all(({ advice }) => advice)
  }

  get approvals(): readonly RequiredApproval[] {
    return this.#all(({ id, approval }) => approval && [{ rule: id, approval }])
  }

  get delegable(): false | undefined {
    return this.#list().some((rule) => this.#table.text(rule).delegable === false) ? false : undefined
  }

  /** Getters are not own properties, so that JSON needs to be told of them. */
  toJSON(): Decision {
    const { decision, status, code, reason, rules, obligations, advice, delegable, imageId } = this
    const lendable = delegable === false ? { delegable } : {}
    return { decision, status, code, reason, rules, obligations, advice, ...lendable, imageId }
  }

  #list(): readonly DecidingRule[] {
    const deciding = this.#deciding
    return typeof deciding === 'number' ? [deciding] : typeof deciding === 'string' ? [] : deciding
  }

  /**
   * What its rules have of something, those aside that could not be evaluated. By hand: with `flatMap` a guard, which reads all of
   * a decision, took 1.7 times as long for deciding and reading it.
   */
  #all<T>(of: (rule: RuleText) => readonly T[] | undefined): readonly T[] {
    const all: T[] = []
    for (const rule of this.#list()) if (rule >= 0) all.push(...(of(this.#table.text(rule)) ?? []))
    return all
  }
}
