/** The frame: the cells that a request is written into. See README.md. */

/** The first word of a cell. */
export const enum Tag {
  /** Not in the request; an entity may supply it. */
  LeftOut = 0,
  /** Not there, and no entity may supply it. */
  Missing = 1,
  Null = 2,
  /** aux: 0 or 1. */
  Boolean = 3,
  /** f64 at 8. */
  Number = 4,
  /** aux: string id; bytes at 8 (address), 12 (length) when the id is not of the image. */
  String = 5,
  /** aux: item count; 8: address of the first item; 12: bytes from one item to the next. */
  List = 6,
  Map = 7,
  Invalid = 8,
  /**
   * The roles of an entity some of which it holds on some resources only; no value, and only in Cells. As a list whose
   * items have two more cells at their end: the type and the id of the resources, each a string or missing (any).
   */
  ScopedRoles = 9,
  /** The host marked it as untrusted, and it may not be read. aux 1: the request left it out, an entity may supply it. */
  Untrusted = 10,
}

/** String ids at and above DynamicString are the request's own: equal ids, equal strings. */
export const enum Id {
  GlobKey = 0x40000000,
  DynamicString = 0x80000000,
  /** A string of a tuple's context that no policy mentions: it is compared by its bytes. */
  ByText = 0xfffffffe,
  /** A string that no policy mentions, whose identity nobody asks for. */
  UnknownString = 0xffffffff,
  NoKey = 0xffffffff,
  AnyAction = 0xffffffff,
}

/** Frame slots that every image has. */
export const enum Slot {
  ActionName = 0,
  ResourceType = 1,
  ResourceId = 2,
  SubjectType = 3,
  SubjectId = 4,
  SubjectRoles = 5,
  Now = 6,
  Reserved = 7,
}

/** What may stand in place of the number of roles. */
export const enum RolesInput {
  /** At most this many are listed; more are written as a list into Slot.SubjectRoles. */
  Most = 64,
  /** The roles are in Slot.SubjectRoles, or an entity may supply them there. */
  InSlot = 0xffffffff,
}

/** What may stand in place of the number of roles that a session activates. */
export const enum SessionInput {
  /** There is no session: every role that the subject holds is active. */
  None = 0xffffffff,
}
