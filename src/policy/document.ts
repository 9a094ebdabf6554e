/**
 * The policy document as people write it, in YAML, JSON or TypeScript. Every key is explained in
 * docs/policy-reference.md; `policy.schema.json` says the same to editors.
 */
import type { Approval } from './approval-document.ts'
import type { Age, Dates, During } from './time-document.ts'

export type { Approval, Approver } from './approval-document.ts'
export type { Age, Dates, During } from './time-document.ts'

import type { TupleInput } from '../tuple/tuple.ts'

/** A policy document: what one tenant allows, denies and puts under review. */
export interface PolicyDocument {
  /** Where editors find the JSON Schema of this format; it means nothing else. */
  readonly $schema?: string
  /** The version of this format; always 1. */
  readonly version: 1
  /** The tenant these policies belong to; `default` when left out. */
  readonly tenant?: string
  readonly description?: string
  /** The actions there are. When given, an exact action in a rule that is not among them is an error. */
  readonly actions?: readonly string[]
  /** Role → the roles it inherits. A cycle is an error. */
  readonly roles?: Readonly<Record<string, readonly string[]>>
  /** Name → dates that schedules refer to, such as the holidays of a country. */
  readonly calendars?: Readonly<Record<string, Dates>>
  /** Roles that nobody may hold (`static`), or have active in one session (`dynamic`), together. */
  readonly separation?: {
    readonly static?: readonly Separation[]
    readonly dynamic?: readonly Separation[]
  }
  /** How relations between subjects and resources follow from tuples: by type, or OpenFGA's modelling language as text. */
  readonly relations?: RelationsSource
  /** Steps from relation to relation that a check may follow one another; 25 when left out, 50 at most. */
  readonly relation_depth?: number
  /** Conditions on tuples, by name. Their paths may also start with `tuple`: the tuple's own context. Or with typed parameters. */
  readonly conditions?: Readonly<Record<string, ConditionSource | ParameterCondition>>
  /**
   * Known subjects and resources: candidates for search, and attributes that a request leaves out. And relation tuples, as text
   * (`document:1#viewer@user:ann`) or as objects.
   */
  readonly entities?: {
    readonly subjects?: readonly Entity[]
    readonly resources?: readonly Entity[]
    readonly tuples?: readonly TupleInput[]
  }
  /** How the rules of the top level combine; `deny-overrides` when left out. */
  readonly algorithm?: CombiningAlgorithm
  /** The rules of the set named `default`. */
  readonly rules?: readonly Rule[]
  /** Further named sets, each with its own combining algorithm. */
  readonly sets?: Readonly<Record<string, PolicySet>>
  /** How the votes of several sets combine; `any` when left out. */
  readonly combine?: SetCombination
  /** Which sets decide which actions: the first route that matches chooses; without one, all sets take part. */
  readonly routes?: readonly Route[]
  /** Paths of attributes whose values, and all below them, no explanation shows. */
  readonly secrets?: readonly string[]
  /** The types of actors there are. When given, a type in a rule that is not among them is an error. */
  readonly actor_types?: readonly string[]
  /** Which actor chains a request may bring. */
  readonly chain?: ChainSettings
  /** What trust scores are; needed where a rule asks for trust. */
  readonly trust?: TrustSettings
}

export interface ChainSettings {
  /** A request with more delegators is an error; 5 when left out. */
  readonly max_depth?: number
  /** Whether an actor may follow itself in a chain; false when left out. */
  readonly repeats?: boolean
}

export interface TrustSettings {
  /** Scores lie between 0 and this. */
  readonly scale: 1 | 1000
  /** The property of an actor that holds its score; `trust_score` when left out. */
  readonly attribute?: string
  /** The property that says when the score was given; `trust_updated_at` when left out. Read where scores decay. */
  readonly updated?: string
  /** How a score falls with time: it halves in an ISO 8601 duration, or loses so much in one. */
  readonly decay?: { readonly half_life: string } | { readonly per: string; readonly lose: number }
  /** No score decays below this; 0 when left out. */
  readonly floor?: number
}

export type CombiningAlgorithm =
  | 'deny-overrides'
  | 'allow-overrides'
  | 'priority'
  | 'first-applicable'
  | 'most-specific'
export type SetCombination = 'any' | 'all'
export type Effect = 'allow' | 'deny' | 'review'

/** Separation of duty: of these roles, inherited ones included, only so many together. */
export interface Separation {
  /** Two or more. */
  readonly roles: readonly string[]
  /** From 1 to one less than there are roles; 1 when left out. */
  readonly at_most?: number
}

/**
 * A role that a subject holds: everywhere, or on one type of resources, or on one resource. Types and ids are exact.
 *
 * @example 'viewer'
 * @example { role: 'editor', on: 'record' }
 * @example { role: 'owner', on: { type: 'record', id: 'r1' } }
 */
export type HeldRole =
  | string
  | { readonly role: string; readonly on: string | { readonly type: string; readonly id?: string } }

/** A subject or resource that the policies know. */
export interface Entity {
  readonly type: string
  readonly id: string
  /** Roles held, for subjects: what `subject.roles` is when the request leaves it out. */
  readonly roles?: readonly HeldRole[]
  readonly properties?: Readonly<Record<string, AttributeValue>>
}

export interface PolicySet {
  readonly description?: string
  readonly algorithm?: CombiningAlgorithm
  readonly rules: readonly Rule[]
}

export interface Route {
  readonly actions: Patterns
  readonly sets: readonly string[]
}

/** One pattern or several, any of which may match. A pattern is exact unless it holds `*`, `?`, `[…]` or `{a,b}`. */
export type Patterns = string | readonly string[]

/** A rule: an effect on actions, for whom, on what, under which conditions. Exactly one of allow, deny, review. */
export interface Rule {
  readonly id: string
  readonly description?: string
  readonly allow?: Patterns
  readonly deny?: Patterns
  readonly review?: Patterns
  /** The resource: type patterns, or type and id patterns. Left out: any resource. */
  readonly on?: Patterns | { readonly type?: Patterns; readonly id?: Patterns }
  /** The subject: one of the roles, types and ids; all keys that are given must hold. Left out: any subject. */
  readonly to?: {
    readonly role?: string | readonly string[]
    readonly type?: Patterns
    readonly id?: Patterns
    /** The subject has this relation, or one of these, to the resource of the request. */
    readonly relation?: string | readonly string[]
  }
  /** Must hold for the rule to apply. */
  readonly when?: ConditionSource
  /** Must not hold for the rule to apply. */
  readonly unless?: ConditionSource
  /** When the rule applies; must hold besides `when`. */
  readonly during?: During | readonly During[]
  /** What must hold of the actors on whose behalf the request is made; short for conditions on `chain`. */
  readonly chain?: ChainCondition
  /** Of a review: who has to approve. */
  readonly approval?: Approval
  /** Any integer from -2147483648 to 2147483647; 0 when left out. Read by `priority` and `most-specific`. */
  readonly priority?: number
  /** The reason a decision carries when this rule decides. */
  readonly because?: string
  /** What the enforcement point must do when this rule decides. */
  readonly obligations?: readonly Obligation[]
  /** What the enforcement point may do when this rule decides. */
  readonly advice?: readonly Obligation[]
  /** Of an allow: false when nobody may lend on what it allows. True when left out. */
  readonly delegable?: boolean
}

/** An obligation or advice: an id that the enforcement point knows, and whatever else it needs. */
export interface Obligation {
  readonly id: string
  readonly [key: string]: AttributeValue
}

export type Scalar = null | boolean | number | string
export type AttributeValue = Scalar | readonly AttributeValue[] | { readonly [key: string]: AttributeValue }

/**
 * A condition: attribute paths with tests, all of which must hold, `during`, and `all`, `any`, `not` around them.
 *
 * @example { 'resource.status': 'archived', 'context.amount': { gt: 100 } }
 * @example { any: [{ 'subject.id': { eq: { ref: 'resource.owner' } } }, { not: { 'resource.public': false } }] }
 */
export type ConditionSource =
  | { readonly all: readonly ConditionSource[] }
  | { readonly any: readonly ConditionSource[] }
  | { readonly not: ConditionSource }
  | { readonly during: During | readonly During[] }
  | { readonly related: RelatedSource }
  /** A CEL expression, as a string alone is one. */
  | { readonly cel: string }
  | string
  | { readonly [path: string]: Test | TrustCondition }

/**
 * A condition on tuples with parameters, which the tuple's context gives, or else the request's. Types: any, bool, string, int,
 * uint, double, duration, timestamp, ipaddress, list<…>, map<…>.
 *
 * @example { parameters: { ip: 'ipaddress', range: 'string' }, cel: 'ip.in_cidr(range)' }
 */
export interface ParameterCondition {
  readonly parameters: Readonly<Record<string, string>>
  readonly cel: string
}

/** Bounds for trust scores; at least one of them. */
export interface TrustCondition {
  readonly min?: number
  readonly max?: number
  /** Whose score: the subject's, the root's, each one's (when left out), the least of them, or their product. */
  readonly over?: 'immediate' | 'root' | 'all' | 'minimum' | 'product'
  /** Scores that the host marked as untrusted do not count. */
  readonly trusted?: boolean
  /** What the condition is when it cannot be evaluated. */
  readonly otherwise?: boolean
}

/** Conditions on the actor chain. */
export interface ChainCondition {
  /** The actor at the start of the chain: the subject itself when nobody delegated. */
  readonly root?: ActorTests
  /** The actor that makes the request: the subject. */
  readonly immediate?: ActorTests
  /** The number of delegators. */
  readonly depth?: Test
  /** Some, every, no delegator is such an actor. */
  readonly any?: ActorTests
  readonly all?: ActorTests
  readonly none?: ActorTests
  readonly trust?: TrustCondition
}

/** Tests of an actor's `type`, `id` and properties, all of which must hold. */
export interface ActorTests {
  readonly [key: string]: Test
}

/**
 * A subject has a relation to an object: the request's subject and resource when left out; a path to a `type:id`;
 * or a type and an id. `relation` beside a subject's: who has that relation to it.
 *
 * @example { related: { relation: 'viewer', object: { type: 'folder', id: { ref: 'resource.folder' } } } }
 */
export interface RelatedSource {
  readonly relation: string
  readonly subject?: (TermSource & { readonly relation?: string }) | string
  readonly object?: TermSource | string
}

export interface TermSource {
  readonly type: string | Reference
  readonly id: string | Reference
}

/** Type → relation → how it is come by; or OpenFGA's modelling language, alone or under `openfga`. */
export type RelationsSource =
  | string
  | { readonly openfga: string | { readonly [key: string]: AttributeValue } }
  | { readonly [type: string]: { readonly [relation: string]: RewriteSource } }

/**
 * How a relation is come by: tuples with subjects of these types (`user`, `user:*`, `group#member`, each maybe ` with condition`),
 * another relation of the same object, or of what a relation leads to; combined.
 */
export type RewriteSource =
  | string
  | readonly string[]
  | { readonly from: string; readonly relation: string }
  | { readonly any: readonly RewriteSource[] }
  | { readonly all: readonly RewriteSource[] }
  | { readonly base: RewriteSource; readonly except: RewriteSource }

/** A bare scalar means `eq`. */
export type Test = Scalar | Tests

/** Another attribute in place of a constant. */
export interface Reference {
  readonly ref: string
}

export type Operand = Scalar | readonly AttributeValue[] | Reference

/** Operators and their operands; all that are given must hold. */
export interface Tests {
  readonly eq?: Operand
  readonly neq?: Operand
  readonly in?: Operand
  readonly not_in?: Operand
  readonly gt?: Operand
  readonly gte?: Operand
  readonly lt?: Operand
  readonly lte?: Operand
  readonly exists?: boolean
  readonly contains?: Operand
  readonly not_contains?: Operand
  readonly contains_any?: Operand
  readonly contains_all?: Operand
  readonly is_subset?: Operand
  readonly starts_with?: Operand
  readonly ends_with?: Operand
  readonly glob?: string
  readonly regex?: string
  readonly not_regex?: string
  readonly ip_in_cidr?: string | readonly string[]
  readonly semver_eq?: string
  readonly semver_gt?: string
  readonly semver_gte?: string
  readonly semver_lt?: string
  readonly semver_lte?: string
  /** The attribute is a time before this one: RFC 3339, or milliseconds since 1970. */
  readonly before?: string | number | Reference
  readonly after?: string | number | Reference
  /** The attribute is a time at most this long ago, and not in the future. */
  readonly within?: Age
  /** The attribute is a time longer ago. */
  readonly older_than?: Age
  /** Some item of the list satisfies the condition, whose paths start with `item`. */
  readonly any_matches?: ConditionSource
  /** Every item does. */
  readonly all_match?: ConditionSource
  /** No item does. */
  readonly none_match?: ConditionSource
  /** What the test is when it cannot be evaluated; without it, the rule cannot be evaluated either. */
  readonly otherwise?: boolean
  /** Upper and lower case make no difference: strings are compared by simple case folding. */
  readonly ignore_case?: boolean
  /** What the host marked as untrusted makes the test not evaluable. */
  readonly trusted?: boolean
}
