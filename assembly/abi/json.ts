/**
 * Requests as JSON bytes: what the sections Paths and Replies hold, and what `evaluateJson` returns. See README.md.
 */

/**
 * u32 indexes at the start of Section.Paths. Then: per node its parent and its key (see PathNode); per slot a PathSlot; parts
 * of list items (PathPart); keys; runs of case folding (FoldRun).
 *
 * A key is a string id, or an index of a list with PathKey.Index set.
 */
export const enum PathTable {
  /** String id of the tenant. */
  Tenant = 0,
  /** The most delegators, and 1 where one may follow itself. */
  MaxDelegators = 1,
  Repeats = 2,
  NodeCount = 3,
  PartCount = 4,
  KeyCount = 5,
  FoldCount = 6,
  /** String ids of the keys of a role that is held on some resources only. */
  RoleKey = 7,
  OnKey = 8,
  HeaderWords = 9,
  /** Of each node. */
  NodeWords = 2,
}

export const enum PathKey {
  Index = 0x80000000,
}

/** Nodes that every image has: what a request consists of. Parents come before their children. */
export const enum PathNode {
  Root = 0,
  Subject = 1,
  SubjectType = 2,
  SubjectId = 3,
  SubjectProperties = 4,
  SubjectRoles = 5,
  OnBehalfOf = 6,
  DelegationChain = 7,
  Action = 8,
  ActionName = 9,
  ActionProperties = 10,
  Resource = 11,
  ResourceType = 12,
  ResourceId = 13,
  ResourceProperties = 14,
  Context = 15,
  Tenant = 16,
  FixedCount = 17,
}

/** u32 indexes in a slot's record. */
export const enum PathSlot {
  /** PathSource in the low byte, PathFlag above. */
  Source = 0,
  /** The value's node, and that of the property it lies in. */
  Node = 1,
  Property = 2,
  /** What is written of each item of a list: the first PathPart and their number. */
  FirstPart = 3,
  PartCount = 4,
  /** Below an actor of the chain: the first key and their number. */
  FirstKey = 5,
  KeyCount = 6,
  /** Which delegator. */
  Actor = 7,
  Words = 8,
}

/** Where a slot's value comes from. */
export const enum PathSource {
  /** The value of a node. */
  Node = 0,
  /** No request over the wire has it, but an entity may. */
  LeftOut = 1,
  Missing = 2,
  Now = 3,
  ChainDepth = 4,
  ChainAncestors = 5,
  ChainActor = 6,
  ChainRoot = 7,
  Count = 8,
}

/** How a value is written into a cell, as bits. */
export const enum PathFlag {
  /** The core looks into the string. */
  Text = 1,
  /** The core compares the string with others of the request. */
  Identity = 2,
  /** With everything in it. */
  Whole = 4,
  /** Strings are folded. */
  Fold = 8,
  /** RFC 3339 text becomes a number. */
  Time = 16,
  /** Of a list, what are roles that apply to the resource. */
  Roles = 32,
  /** Strings have their bytes and no id of the image: nothing looks at it. */
  ByText = 64,
  /** A map is written as the list of its keys. */
  Range = 128,
}

/** u32 indexes in what is read of a list's items. */
export const enum PathPart {
  Flags = 0,
  FirstKey = 1,
  KeyCount = 2,
  Words = 3,
}

/** Simple case folding: code points from First to Last, every Step-th, are folded by adding Delta. In order. */
export const enum FoldRun {
  First = 0,
  Last = 1,
  Step = 2,
  Delta = 3,
  Words = 4,
}

/** Texts in Section.Replies, which begins with their number and as many offsets plus one; texts follow. */
export const enum ReplyPart {
  /** The whole answer of an allow without duties. */
  Allowed = 0,
  AllowedWith = 1,
  Denied = 2,
  Review = 3,
  Code = 4,
  Reason = 5,
  Rules = 6,
  Obligations = 7,
  Advice = 8,
  DenyBy = 9,
  ReviewBy = 10,
  /** JSON strings from here on: code and reason of each Code. */
  Codes = 11,
  /** Eight pairs later, those of a request of another tenant. */
  UnknownTenant = 27,
  /** One reason per separation of duty. */
  Separations = 29,
}

/** What is wrong with a body. `evaluateJson` returns it as a negative number. */
export const enum BodyFault {
  None = 0,
  /** No JSON, or no object. */
  Syntax = 1,
  Utf8 = 2,
  Depth = 3,
  /** A name twice in one object. */
  Duplicate = 4,
  Surrogate = 5,
  /** Beyond an IEEE double. */
  Number = 6,
  /** A part is missing or of another type: Info.BodyFaultPart. */
  Form = 7,
  /** Both forms of a chain, or an actor twice in a row. */
  Chain = 8,
  ChainDepth = 9,
  Roles = 10,
  TooLong = 11,
  /** So many strings of the same hash that it must be on purpose. */
  Flood = 12,
  Count = 13,
}

export const enum BodyLimit {
  /** Objects and lists in one another. */
  Depth = 64,
  /** 64 MiB. */
  Bytes = 67108864,
  /** Strings of one request that are looked at in vain while others are looked up. */
  Collisions = 2000000,
}
