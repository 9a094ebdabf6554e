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
 * u32 indexes in a bucket. The keys themselves are in the block, so that the table stays small enough for the cache: a
 * bucket whose hash is right is nearly always the one.
 */
export const enum Bucket {
  /** The whole hash of mask and keys. */
  Hash = 0,
  /** Address of the block; 0: the bucket is empty. */
  Block = 1,
}

/** Bits of a key mask. */
export const enum MaskBits {
  Count = 5,
}

/** u32 indexes before the candidates of a block. */
export const enum Block {
  /** Key mask in the low five bits, number of candidates (at least one) above. */
  MaskAndCount = 0,
  /** The key of each dimension, Id.NoKey where the mask does not name it. */
  Action = 1,
  ResourceType = 2,
  ResourceId = 3,
  SubjectId = 4,
  Role = 5,
  /** Address of the list of slots in Needs. */
  Needs = 6,
  /** Bytes of the nodes after the candidates. */
  CodeBytes = 7,
  /** In bytes. */
  HeaderSize = 32,
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

export const enum EntityKind {
  Subject = 1,
  Resource = 2,
}
