/** What a decision is made of, and how the core answers. See README.md. */

export const enum Effect {
  Deny = 0,
  Allow = 1,
  Review = 2,
}

export const enum Vote {
  Deny = 0,
  Allow = 1,
  Review = 2,
  Abstain = 3,
  /** The route left the set out. */
  NotAsked = 4,
}

export const enum Combine {
  Any = 0,
  All = 1,
}

/**
 * Bits 2–4 of what `decide` returns; bits 0–1 are an Effect, bits 8–31 the number of deciding rules. `match` returns how
 * many slots it asks for, or, when no rule can apply, such a result with this bit set: see Result. With
 * SeparationOfDuty, bits 8–30 are the number of the separation that is broken.
 */
export const enum Code {
  Matched = 0,
  NotEvaluable = 1,
  NoMatch = 2,
  SetAbstained = 3,
  NoPolicies = 4,
  Limit = 5,
  SeparationOfDuty = 6,
  RelationLimit = 7,
}

export const enum Result {
  /** In what `match` returns: this is the result already, `decide` need not be called. */
  Final = 0x80000000,
}

/** What `furtherResources` returns. */
export const enum Further {
  /** Each request has to be matched by itself. */
  Alone = 0,
  /** `matchNext` finds the rules for any resource, and they are those for all of its type. */
  ByType = 1,
  /** `matchNext` finds them for each resource. */
  ByResource = 2,
}

/** Three-valued logic: what a condition comes to. */
export const enum Truth {
  False = 0,
  True = 1,
  NotEvaluable = 2,
}
