/** How an image files its rules, roles and entities. See README.md. */

/** u32 indexes in a separation of duty. */
export const enum Separation {
  /** 0: static, over the roles held; 1: dynamic, over the active ones. */
  Kind = 0,
  AtMost = 1,
  Count = 2,
  /** So many role ids. */
  Roles = 3,
  /** No image has more separations: their numbers fit into a result. */
  Most = 8388607,
}

/** Dimensions of the rule index, as bits of a key mask. */
export const enum Dimension {
  Action = 1,
  ResourceType = 2,
  ResourceId = 4,
  SubjectId = 8,
  Role = 16,
  All = 31,
}

/**
 * u32 indexes in a group of the rule index, which has a word for each of up to Group.Most keys, then zeros. A key is in the group that the
 * hash of its mask and parts leads to (the upper half of the product with the number of groups), or, where that is full, in the next one.
 *
 * The word of a key has in its low bits where its list of slots is in Needs: in words, and one more; so many bits as the length
 * of Needs takes. Above are the lowest bits of the hash. So the table is small enough for the cache, and tells what to read of a
 * request before the key's block has come from memory; that the block is the right one is found out later.
 */
export const enum Group {
  /** How many keys the groups before have; the number of the block of the first key here. The others follow it. */
  First = 0,
  Keys = 1,
  Most = 7,
  /** In bytes. */
  Size = 32,
}

/** Where in Block.MaskAndCount what begins. */
export const enum MaskBits {
  /** After a bit for each dimension: how many quick tests each candidate has, two bits. */
  QuickTests = 5,
  Count = 7,
}

/** u32 indexes in a block. */
export const enum Block {
  /** See MaskBits: the key mask in the low bits, the number of candidates (at least one) in the highest. */
  MaskAndCount = 0,
  /** The key of each dimension, Id.NoKey where the mask does not name it. */
  Action = 1,
  ResourceType = 2,
  ResourceId = 3,
  SubjectId = 4,
  Role = 5,
  /** Address of the list of slots in Needs. */
  Needs = 6,
  /** Address of the candidates: Block.Own here, if all that follows them has room, too, else in the section Candidates. */
  Candidates = 7,
  /** The candidates, then their quick tests, then their nodes Op.AllShared. */
  Own = 8,
  /** In bytes: what a processor's cache takes from memory at once. */
  Line = 64,
  /** All blocks of an image are of as many lines. */
  MostLines = 16,
}

/** u32 indexes in a candidate record. */
export const enum Candidate {
  /** Address of the condition's outermost node; 0: always true. */
  Code = 0,
  Rule = 1,
  /** set | effect << 8 | strength << 16 | strength of deny in its set << 24 */
  Packed = 2,
  /** Dense: a higher rank wins within its set. */
  Rank = 3,
}

/**
 * Of a comparison that must hold if the candidate's condition is to: enough to tell without branches that it does not, for most values
 * (see sieve.ts). In bytes. Each candidate has as many as the others of its key; a test that says nothing is for a tag that no value has.
 */
export const enum QuickTest {
  /** u16: where in the frame the cell with the value is. */
  Cell = 0,
  /** u8: the tag of the values that the test is for. */
  Tag = 2,
  /**
   * u8: whether the comparison may hold, a bit for each outcome: 0 for less than the operand, 2 for equal, 4 for greater; and one more
   * where the operand has the bit of the value's id.
   */
  Outcomes = 3,
  /** For numbers an f32, rounded so that more hold; for others bits, of which the value's id modulo 32 is one. */
  Operand = 4,
  Size = 8,
  /** Behind each candidate. */
  Most = 2,
  /** From so many candidates on they pay. */
  Candidates = 3,
}

export const enum EntityKind {
  Subject = 1,
  Resource = 2,
}
