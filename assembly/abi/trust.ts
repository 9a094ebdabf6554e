/** The nodes that ask for trust. See README.md. */

/** u32 indexes in a node of Op.Trust, and its size. Bounds and scores are on the scale of the document. */
export const enum TrustNode {
  /** Operand in the frame: the first score, and when it was given (0 where scores do not decay). */
  Score = 1,
  Updated = 2,
  /** Operand in the frame: the list of delegators, 0 when only one score counts. */
  Delegators = 3,
  /** Operands in an item of the list. */
  ItemScore = 4,
  ItemUpdated = 5,
  /** Operand in the frame: the time; 0 where scores do not decay. */
  Now = 6,
  /** TrustOver in the low byte, Decay in the second, TrustBounds in the third. */
  Flags = 7,
  /** f64 each. */
  Min = 8,
  Max = 10,
  Scale = 12,
  /** Milliseconds. */
  Period = 14,
  Lose = 16,
  Floor = 18,
  Words = 20,
}

export const enum TrustOver {
  /** Each score lies between the bounds. */
  Each = 0,
  Least = 1,
  Product = 2,
}

export const enum Decay {
  None = 0,
  HalfLife = 1,
  Linear = 2,
}

export const enum TrustBounds {
  Min = 1,
  Max = 2,
}
