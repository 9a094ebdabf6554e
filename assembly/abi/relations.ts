/** Relation models in an image. See README.md. */

/** u32 indexes in a node of Op.Related. */
export const enum RelatedNode {
  /** 0, where other tests have an operand. */
  Unused = 1,
  Relation = 2,
  /** Number of the subject's relation when it is a userset, or 0. */
  SubjectRelation = 3,
  SubjectType = 4,
  SubjectId = 5,
  ObjectType = 6,
  ObjectId = 7,
  Words = 8,
}

/** What is known, or asked, of one relation whose tuples lie elsewhere: u32 indexes. Ids are UTF-8 at an address. */
export const enum RelationRecord {
  /** The number of the object's type in the upper half, the subject's in the lower. */
  Types = 0,
  /** The number of the relation in the upper half, that of the subject when it is a userset in the lower. */
  Relations = 1,
  Object = 2,
  ObjectLength = 3,
  Subject = 4,
  SubjectLength = 5,
  /** Truth. */
  Truth = 6,
  Words = 8,
}

/** u32 indexes in Section.Relations. Types are numbered from 0, relations and conditions from 1. */
export const enum RelationTable {
  TypeCount = 0,
  /** The highest number of a relation. */
  RelationCount = 1,
  ConditionCount = 2,
  /** Steps from relation to relation that a check may follow one another. */
  Depth = 3,
  /** Slots that conditions read of the request: a count, then slots. An address in this section, as the next one. */
  RequestSlots = 4,
  /** Slots that conditions read of the tuple. */
  TupleSlots = 5,
  /** Numbers of the relations that some type has marked as RewriteFlags.Members: a count, then numbers. */
  MemberRelations = 6,
  /**
   * Then: a string id per type; a condition's address per condition; per type and relation (types × (relations + 1))
   * the address of a rewrite, 0 where the type has no such relation; the three lists.
   */
  HeaderWords = 7,
}

/** Rewrites: how a relation is come by. Word 0: Rewrite | (words of the whole, its parts included) << 8. */
export const enum Rewrite {
  /** By tuples: RewriteFlags. */
  Direct = 1,
  /** Who has another relation to the same object: its number. */
  Computed = 2,
  /** Who has a relation to what is related: number of the relation that leads there, number of the relation there, RewriteFlags. */
  Arrow = 3,
  /** Parts. */
  Union = 4,
  Intersection = 5,
  /** Two parts: the first without the second. */
  Exclusion = 6,
}

export const enum RewriteFlags {
  Usersets = 1,
  Wildcards = 2,
  /** Whoever has it has it by tuples without conditions, and so have the members of members: see assembly/relation/members.ts. */
  Members = 4,
  /** All usersets that can have it are of relations marked Members. */
  OfMembers = 8,
  All = 15,
}
