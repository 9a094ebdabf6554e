/** The nodes of conditions, and the patterns in them. See README.md. */

/**
 * Condition nodes. Word 0: Op | (words of the whole node, its children included) << 8. Operands are an Operand in the
 * low four bits of a 16-aligned number: an offset in the frame or in the item. A constant stands in the node itself, so
 * that a test reads one place of memory: value cells after the third word, a list's items after the list.
 */
export const enum Op {
  /** Children. */
  All = 1,
  Any = 2,
  /** Child. */
  Not = 3,
  /** Value word (0 or 1), child. */
  Otherwise = 4,
  /** Operand a. */
  Exists = 5,
  /** Operands a, b; up to EndsWith. */
  Eq = 6,
  In = 7,
  Gt = 8,
  Gte = 9,
  Lt = 10,
  Lte = 11,
  Contains = 12,
  ContainsAny = 13,
  ContainsAll = 14,
  IsSubset = 15,
  StartsWith = 16,
  EndsWith = 17,
  /** Operand a, then the address of a glob program. */
  Glob = 18,
  /** Operand a, address of CIDR records, their count. */
  Cidr = 19,
  /** Operand a, operand b (an inline string); SemverEq … SemverLte. */
  SemverEq = 20,
  SemverGt = 21,
  SemverGte = 22,
  SemverLt = 23,
  SemverLte = 24,
  /** Operand a, Quantifier, child. */
  Items = 25,
  /** Operand a, address of a regex program. */
  Regex = 26,
  /** Role ids: true when the subject holds one. */
  HasRole = 27,
  /**
   * What most tests are, with less to decide at run time and fewer bytes to read. After operand a: a string id; the f64 of
   * a number; string ids to the end of the node.
   */
  EqString = 28,
  GtNumber = 29,
  GteNumber = 30,
  LtNumber = 31,
  LteNumber = 32,
  InStrings = 33,
  /** Operand a (the time of the request), first and last time (f64 each), address of a schedule or 0. */
  During = 45,
  /** Operand a, then the f64 of a time. */
  Before = 46,
  After = 47,
  /** Operands a, b. */
  BeforeAttribute = 48,
  AfterAttribute = 49,
  /** Operand a, months, days, address of a zone or 0 for UTC, milliseconds (f64): the duration before the request's time. */
  Within = 50,
  OlderThan = 51,
  /**
   * Whether the subject has a relation to the object: see RelatedNode. Its four operands are a Frame or Item operand, or
   * Operand.Text for a constant; with Id.NoKey for a type, the id's operand holds `type:id`.
   */
  Related = 40,
  /** See TrustNode. */
  Trust = 55,
  /** Address of an expression. */
  Expression = 60,
  /** Operands a, b, both in the frame: equal as in expressions. */
  EqualAttributes = 61,
  /** As All, of nodes in the section Comparisons: the address of each. Stands beside the candidate. */
  AllShared = 62,
}

/** A test of an attribute of the request: Eq to EndsWith, EqString to InStrings. */
export const enum Comparison {
  /** In words: a longer one is not shared, so that a decision takes no longer than its image is long, but for this factor. */
  MostShared = 32,
}

export const enum Operand {
  /** The cell after the node's third word. */
  Inline = 0,
  Frame = 1,
  Item = 2,
  /** A string of the image: its id in the other bits. Only in Op.Related. */
  Text = 3,
}

export const enum Quantifier {
  Any = 0,
  All = 1,
  None = 2,
}

/**
 * Glob programs: words. Literal: GlobOp.Literal | bytes << 8, then the UTF-8 bytes padded to words; One; Star; Class:
 * GlobOp.Class | negated << 8 | ranges << 9, then lo, hi per range; End.
 */
export const enum GlobOp {
  End = 0,
  Literal = 1,
  One = 2,
  Star = 3,
  Class = 4,
}

/** CIDR records: 20 bytes; family (4 or 6), prefix bits in the second byte, two zero bytes, 16 address bytes. */
export const enum Cidr {
  Size = 20,
}
