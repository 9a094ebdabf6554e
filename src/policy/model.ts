/**
 * The policy model: what a valid document means, with defaults filled in, patterns parsed and places kept. `policy/`
 * makes it, `compiler/` turns it into an image; nothing in it is still to be checked.
 */

import type { Tree } from '../cel/tree.ts'
import type { RelationModel } from '../tuple/relation-model.ts'
import type { Tuple } from '../tuple/tuple.ts'
import type { ApprovalModel } from './approval-model.ts'
import type { TextRange } from './diagnostic.ts'
import type { AttributeValue, CombiningAlgorithm, Effect, Obligation, SetCombination } from './document.ts'
import type { RegexAst } from './regex.ts'
import type { AgeOperator, DateSpan, DurationModel, DuringModel, TimeOperator } from './time-model.ts'

export interface PolicyModel {
  readonly tenant: string
  /** The declared actions, in document order; empty when the document declares none. */
  readonly actions: readonly string[]
  readonly chain: ChainModel
  /** Undefined when the document declares no trust scores; then no rule asks for them. */
  readonly trust: TrustModel | undefined
  /** Role → the roles it inherits directly. Acyclic; every role that a document or a rule names is a key. */
  readonly roles: ReadonlyMap<string, readonly string[]>
  /** Name → the dates in it. */
  readonly calendars: ReadonlyMap<string, readonly DateSpan[]>
  /** Static ones first. Every role in them is a key of `roles`. */
  readonly separations: readonly SeparationModel[]
  readonly subjects: readonly EntityModel[]
  readonly resources: readonly EntityModel[]
  readonly combine: SetCombination
  /** At least one; the set of the top-level rules is named `default` and comes first. At most 64. */
  readonly sets: readonly SetModel[]
  /** In document order; the first that matches chooses. */
  readonly routes: readonly RouteModel[]
  /** Attributes whose values, and all below them, are shown to nobody. */
  readonly secrets: readonly AttributePath[]
  readonly relations: RelationModel | undefined
  /** The conditions on tuples, in the order in which `relations` numbers them. */
  readonly tupleConditions: readonly Condition[]
  /** The tuples of the documents, each fitting the relations, each once. */
  readonly tuples: readonly Tuple[]
}

export interface EntityModel {
  readonly type: string
  readonly id: string
  /** Each once. */
  readonly roles: readonly HeldRoleModel[] | undefined
  readonly properties: Readonly<Record<string, AttributeValue>>
}

/** A role that a subject holds, and on which resources: undefined means any. An id has a type beside it. */
export interface HeldRoleModel {
  readonly role: string
  readonly type: string | undefined
  readonly id: string | undefined
}

/** Of these roles at most so many may be held (static), or be active (dynamic), together. */
export interface SeparationModel {
  readonly kind: 'static' | 'dynamic'
  /** At least two, each once. */
  readonly roles: readonly string[]
  /** From 1 to one less than there are roles. */
  readonly atMost: number
}

export interface SetModel {
  readonly name: string
  readonly algorithm: CombiningAlgorithm
  readonly rules: readonly RuleModel[]
  readonly place: Place
}

export interface RouteModel {
  readonly actions: readonly Pattern[]
  /** Indexes into `sets`. */
  readonly sets: readonly number[]
  readonly place: Place
}

export interface RuleModel {
  readonly id: string
  readonly effect: Effect
  /** Empty means any, here and in the five lists below: the parser turns the pattern `*` into the empty list. */
  readonly actions: readonly Pattern[]
  readonly resourceTypes: readonly Pattern[]
  readonly resourceIds: readonly Pattern[]
  readonly subjectTypes: readonly Pattern[]
  readonly subjectIds: readonly Pattern[]
  /** The subject holds at least one of them, itself or by inheritance. */
  readonly roles: readonly string[]
  /** `when`, not `unless`, and `during`; undefined when the rule has none of them. */
  readonly condition: Condition | undefined
  readonly priority: number
  /** Of a review: who has to approve. */
  readonly approval: ApprovalModel | undefined
  readonly because: string | undefined
  readonly obligations: readonly Obligation[]
  readonly advice: readonly Obligation[]
  /** Whether delegations may lend on what the rule allows. */
  readonly delegable: boolean
  readonly place: Place
}

/** Where something stands in the text it came from. */
export interface Place {
  /** The source's name, as given by the caller: usually a file path. */
  readonly file: string
  /** From 1; 0 when the source was an object and not a text. */
  readonly line: number
  readonly column: number
  /** The way to it inside the document, such as `rules[2].when`. */
  readonly path: string
  /** From where to where in the source's text; left out when the source was an object. */
  readonly range?: TextRange
}

export type Pattern =
  | { readonly kind: 'exact'; readonly value: string }
  /** Already free of braces: `{a,b}` became two patterns. */
  | { readonly kind: 'glob'; readonly source: string; readonly tokens: readonly GlobToken[] }

export type GlobToken =
  | { readonly kind: 'literal'; readonly text: string }
  /** Any run of characters, the empty one and separators included. */
  | { readonly kind: 'star' }
  /** Any one code point. */
  | { readonly kind: 'one' }
  /** One code point inside (or, negated, outside) the inclusive ranges. */
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: readonly (readonly [number, number])[] }

export type Condition =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  /** `of`, or `value` when `of` cannot be evaluated. */
  | { readonly kind: 'otherwise'; readonly of: Condition; readonly value: boolean }
  | Comparison

export type Comparison =
  /** Two attributes that are equal as in CEL, where maps are, too. */
  | { readonly kind: 'equal'; readonly path: AttributePath; readonly other: AttributePath }
  /** A CEL expression that must come to true or false; anything else is not evaluable. */
  | { readonly kind: 'expression'; readonly tree: Tree; readonly source: string }
  | { readonly kind: 'test'; readonly path: AttributePath; readonly op: BinaryOperator; readonly operand: OperandModel }
  | { readonly kind: 'exists'; readonly path: AttributePath }
  | { readonly kind: 'glob'; readonly path: AttributePath; readonly patterns: readonly Pattern[] }
  | { readonly kind: 'regex'; readonly path: AttributePath; readonly source: string; readonly ast: RegexAst }
  | { readonly kind: 'cidr'; readonly path: AttributePath; readonly ranges: readonly CidrRange[] }
  | { readonly kind: 'semver'; readonly path: AttributePath; readonly op: SemverOperator; readonly version: string }
  | { readonly kind: 'time'; readonly path: AttributePath; readonly op: TimeOperator; readonly operand: OperandModel }
  | {
      readonly kind: 'age'
      readonly path: AttributePath
      readonly op: AgeOperator
      readonly duration: DurationModel
      /** By whose calendar days, months and years are counted. */
      readonly zone: string
    }
  | DuringModel
  | {
      readonly kind: 'items'
      readonly path: AttributePath
      readonly quantifier: 'any' | 'all' | 'none'
      /** Its paths may have the root `item`; quantifiers do not nest. */
      readonly of: Condition
    }
  | TrustTest
  | RelatedTest

/** The trust in the actors lies between these bounds, on the scale of the document. At least one is there. */
export interface TrustTest {
  readonly kind: 'trust'
  readonly over: TrustScope
  readonly min: number | undefined
  readonly max: number | undefined
  /** Scores that the host marked as untrusted do not count. */
  readonly trusted: boolean
}

/** Whether a subject has a relation to an object, by the tuples. */
export interface RelatedTest {
  readonly kind: 'related'
  readonly subject: TermModel
  /** The subject is who has this relation to it. */
  readonly subjectRelation: string | undefined
  readonly relation: string
  readonly object: TermModel
}

/** A type and an id; without a type, the id is that of `type:id`. */
export interface TermModel {
  readonly type: TermPart | undefined
  readonly id: TermPart
}

export type TermPart =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'path'; readonly path: AttributePath }

export type BinaryOperator =
  | 'eq'
  | 'in'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'contains'
  | 'contains_any'
  | 'contains_all'
  | 'is_subset'
  | 'starts_with'
  | 'ends_with'

export type SemverOperator = 'eq' | 'gt' | 'gte' | 'lt' | 'lte'

/** The negative operators (`neq`, `not_in`, `not_contains`, `not_regex`, `exists: false`) are `not` around these. */
export type OperandModel =
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'path'; readonly path: AttributePath }

/**
 * An attribute path, resolved: `subject.id` is {root: 'subject', keys: ['id']} with `fixed` true, `subject.zone` is
 * {root: 'subject', keys: ['zone']} and read from the subject's properties; `subject.properties.id` is not fixed.
 */
export interface AttributePath {
  readonly root: 'subject' | 'resource' | 'action' | 'context' | 'chain' | 'state' | 'item' | 'tuple' | 'now'
  /**
   * Map keys, and list indexes as numbers. Empty for `item` (the item itself) and `now`. Below an actor (`chain.root`,
   * `chain.ancestors[0]`, an item of `chain.ancestors`) they are those of the request: `type`, `id`, `properties`.
   */
  readonly keys: readonly (string | number)[]
  /** True for subject.type, subject.id, resource.type, resource.id and action.name: parts of the request itself. */
  readonly fixed: boolean
  /** The type that every request gives it, where there is one and the path is not `fixed`. */
  readonly always?: 'string' | 'number' | 'list'
  /** Strings are folded before anything looks at them; see src/text/fold.ts. */
  readonly fold?: true
  /** What the host marked as untrusted cannot be read. */
  readonly trusted?: true
  /** As written, for people. */
  readonly text: string
}

/** What the policies say about actor chains. */
export interface ChainModel {
  /** A request with more delegators is an error. */
  readonly maxDepth: number
  /** Whether an actor may follow itself. */
  readonly repeats: boolean
}

/** Where trust scores are, and what they mean. */
export interface TrustModel {
  readonly scale: 1 | 1000
  /** Keys among the properties of an actor: the score, and when it was given. */
  readonly attribute: readonly (string | number)[]
  readonly updated: readonly (string | number)[]
  readonly decay: TrustDecay | undefined
  /** Decay ends here. */
  readonly floor: number
}

/** Milliseconds in which a score halves, or in which it loses so much. */
export type TrustDecay =
  | { readonly kind: 'half_life'; readonly period: number }
  | { readonly kind: 'linear'; readonly period: number; readonly lose: number }

export type TrustScope = 'immediate' | 'root' | 'all' | 'minimum' | 'product'

/** An address range: IPv4 is held as 4 bytes, IPv6 as 16. `bits` is the prefix length. */
export interface CidrRange {
  readonly bytes: readonly number[]
  readonly bits: number
}
