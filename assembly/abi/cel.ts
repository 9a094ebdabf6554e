/**
 * Expressions in the image: what the numbers in the section Expressions mean. See README.md.
 *
 * A program is a tree of nodes written one after the other. Word 0 of each: CelOp | words of the whole node << 8, its
 * children included. The fields named below follow, then the children.
 */

/** Value cells of expressions have these tags besides those of Tag; a cell is laid out as in frame.ts. */
export const enum CelTag {
  /** A map with its entries. aux: count; 8: address of the first entry, a key cell and a value cell each. */
  Map = 16,
  /** i64 at 8. */
  Int = 17,
  /** u64 at 8. */
  Uint = 18,
  /** 8: address, 12: length. */
  Bytes = 19,
  /** aux: nanoseconds, 0 to 999,999,999; 8: seconds as i64, since 1970 for a timestamp. */
  Timestamp = 20,
  Duration = 21,
  /** aux: CelType. */
  Type = 22,
  /** aux: 1 when there is a value; 8: address of its cell. */
  Optional = 23,
  /** aux: 4 or 6; 8: address of its 16 bytes, IPv4 in the first four. */
  IpAddress = 24,
  /** aux: CelFault; 8: address of the node that failed. */
  Error = 25,
}

export const enum CelType {
  Null = 0,
  Bool = 1,
  Int = 2,
  Uint = 3,
  Double = 4,
  String = 5,
  Bytes = 6,
  List = 7,
  Map = 8,
  Timestamp = 9,
  Duration = 10,
  Type = 11,
  Optional = 12,
  IpAddress = 13,
  Count = 14,
}

/** Why an expression has no value. */
export const enum CelFault {
  None = 0,
  /** An attribute or a key is not there. */
  NoSuchKey = 1,
  /** The operation does not exist for these types. */
  NoOverload = 2,
  Overflow = 3,
  DivideByZero = 4,
  /** An index outside its list or text. */
  Index = 5,
  /** A text or number that cannot be converted. */
  Conversion = 6,
  /** A key occurs twice in a map, or is of a type that keys cannot have. */
  Key = 7,
  /** An attribute that is no value of the language, or text that is no well-formed Unicode. */
  Invalid = 8,
  /** Out of steps or of scratch memory; the decision ends with the reason `limit`. */
  Limit = 9,
  /** An argument that the function does not take. */
  Argument = 10,
  /** An optional without a value was read. */
  NoValue = 11,
  Count = 12,
}

export const enum CelOp {
  /** A cell: null, a boolean, number, string, int, uint or type, or a list of these, whose cells follow. */
  Constant = 1,
  /** Byte count, then the bytes padded to words. */
  Bytes = 2,
  /** Offset of the slot's cell in the frame. */
  Slot = 3,
  /** Variable of a macro over a slot; offset of the part's cell in those of the item. */
  ItemPart = 4,
  /** The same: offset of the cell of the map that should have the part; offset of the part's. */
  HasItemPart = 5,
  /** Slot.Now as a timestamp. */
  Now = 6,
  /** Number of the variable. */
  Local = 7,
  /** String id of the key; the map or optional. */
  Select = 8,
  /** String id of the key; the map. */
  Has = 9,
  /** Offset of the cell of a map in the frame, or CelNode.NoParent for a map that is always there; offset of its part's. */
  HasSlot = 10,
  /** Offset of the slot's cell: an optional of it. */
  OptionalSlot = 11,
  /** String id of the key; the map or optional. */
  OptionalSelect = 12,
  /** Children. */
  And = 13,
  Or = 14,
  /** Child. */
  Not = 15,
  /** Condition, then, else. */
  Conditional = 16,
  /** Children. */
  List = 17,
  /** Keys and values by turns. */
  Map = 18,
  /** CelCall, then as many children as it takes. */
  Call = 19,
  /**
   * CelFold, 1 or 2 variables << 8, CelFoldRange << 16; number of the first; steps of a round, which are the nodes evaluated in
   * one and 1; then the range, the filter if there is one, the body.
   */
  Fold = 20,
  /** Number of the variable; its value, the body. */
  Bind = 21,
  /** Number of the variable, 1 when the body is optional already; the optional, the body. */
  OptionalMap = 22,
  /** 1: the value itself is wanted, 0: an optional; the optional, what takes its place. */
  OptionalOr = 23,
  OptionalNone = 24,
  /** Address of a regex program; the text. */
  Matches = 25,
  /** An optional, in a list or as the value of an entry: nothing when it is empty. */
  OptionalElement = 26,
  /** CelPart, address of a zone's table or 0 for UTC; the timestamp. */
  PartInZone = 27,
  /**
   * How many parameters, 1 when all must be there << 8; for each its CelParameter type, the offset of the tuple's slot, that of the
   * request's; then the body, in which they are the first variables.
   */
  Parameters = 28,
  Count = 29,
}

export const enum CelNode {
  NoParent = 0xffffffff,
}

/**
 * What the parameter of a named condition takes, four bits a type: that of the items of a list or of the values of a map follows
 * in the next higher bits.
 */
export const enum CelParameter {
  Any = 1,
  Bool = 2,
  String = 3,
  Int = 4,
  Uint = 5,
  Double = 6,
  Duration = 7,
  Timestamp = 8,
  IpAddress = 9,
  List = 10,
  Map = 11,
  Count = 12,
}

/** What the variables of a macro stand for. */
export const enum CelFoldRange {
  /** Values of their own. */
  Values = 0,
  /** The cells of the items of a slot, which nothing but ItemPart and HasItemPart reads. */
  Cells = 1,
}

export const enum CelFold {
  All = 0,
  Exists = 1,
  ExistsOne = 2,
  /** Items of the range for which the body holds. */
  Filter = 3,
  /** The body for each item. */
  Map = 4,
  MapFiltered = 5,
  /** The same keys with the body as value. */
  TransformMap = 6,
  TransformMapFiltered = 7,
  /** The body is a map, whose entries are gathered. */
  TransformEntries = 8,
  TransformEntriesFiltered = 9,
  Count = 10,
}

/** Strict functions: an argument that is an error is the result. The number of arguments is CelCall >> 6, plus 1. */
export const enum CelCall {
  Negate = 0,
  Size = 1,
  TypeOf = 2,
  ToInt = 3,
  ToUint = 4,
  ToDouble = 5,
  ToString = 6,
  ToBytes = 7,
  ToBool = 8,
  ToTimestamp = 9,
  ToDuration = 10,
  /** Ten accessors in the order of CelPart. */
  GetPart = 11,
  LowerAscii = 21,
  UpperAscii = 22,
  Trim = 23,
  Reverse = 24,
  Quote = 25,
  Join = 26,
  OptionalOf = 27,
  OptionalOfNonZero = 28,
  HasValue = 29,
  Value = 30,
  Base64Encode = 31,
  Base64Decode = 32,
  Greatest = 33,
  Least = 34,
  Ceil = 35,
  Floor = 36,
  Round = 37,
  Trunc = 38,
  Abs = 39,
  Sign = 40,
  IsNaN = 41,
  IsInf = 42,
  IsFinite = 43,
  BitNot = 44,
  ToIpAddress = 45,
  UnaryEnd = 46,

  Add = 64,
  Subtract = 65,
  Multiply = 66,
  Divide = 67,
  Modulo = 68,
  Equal = 69,
  NotEqual = 70,
  Less = 71,
  LessOrEqual = 72,
  Greater = 73,
  GreaterOrEqual = 74,
  In = 75,
  Index = 76,
  OptionalIndex = 77,
  Contains = 78,
  StartsWith = 79,
  EndsWith = 80,
  CharAt = 81,
  IndexOf = 82,
  LastIndexOf = 83,
  SubstringFrom = 84,
  Split = 85,
  JoinWith = 86,
  /** Ten accessors in the order of CelPart, with a zone. */
  GetPartIn = 87,
  BitAnd = 97,
  BitOr = 98,
  BitXor = 99,
  ShiftLeft = 100,
  ShiftRight = 101,
  SetContains = 102,
  SetEquivalent = 103,
  SetIntersects = 104,
  Format = 105,
  InCidr = 106,
  BinaryEnd = 107,

  Replace = 128,
  Substring = 129,
  SplitMost = 130,
  IndexOfFrom = 131,
  LastIndexOfFrom = 132,
  TernaryEnd = 133,

  ReplaceMost = 192,
  End = 193,
}

/** What the accessors of timestamps give, and the last four of durations. */
export const enum CelPart {
  FullYear = 0,
  Month = 1,
  DayOfYear = 2,
  DayOfMonth = 3,
  Date = 4,
  DayOfWeek = 5,
  Hours = 6,
  Minutes = 7,
  Seconds = 8,
  Milliseconds = 9,
  Count = 10,
}

export const enum CelLimit {
  /** Variables of macros around one another. */
  Locals = 64,
  /** Nodes above one another. */
  Depth = 128,
  /** Of one named condition. */
  Parameters = 32,
  /** Bytes of temporaries in one expression. */
  ScratchBytes = 1048576,
}
