/**
 * The contract between the compiler, the host and the core: where things are in an image and in linear memory, and what
 * the numbers mean. Compiled by asc (core) and by tsc (host), so there is one source of truth. docs/image.md draws it.
 *
 * All integers are little-endian u32 unless said; all offsets are in bytes. Offsets inside an image that point into the
 * image are *addresses*: offset + Layout.ImageBase, because an image is always loaded there.
 */

export const enum Layout {
  /** What `load` tells the host, one u32 each; see Info. */
  InfoBase = 1024,
  /** Where the image is copied to. */
  ImageBase = 4096,
  /** Bytes of a value cell: tag u32, aux u32, then an f64 or two u32. */
  CellSize = 16,
  BucketSize = 8,
  CandidateSize = 16,
  /** Fixed slots before the attribute slots. */
  FixedSlots = 8,
  MaxSets = 64,
}

/** Fields at Layout.InfoBase, as u32 indexes. */
export const enum Info {
  /** Address of the first frame cell. */
  Frame = 0,
  /** Address of the deciding rules after `decide`: u32 each, rule index, bit 31 set when it was not evaluable. */
  Deciding = 1,
  /** Address of the votes after `decide`: a u32 per set, Vote. */
  Votes = 2,
  /** Address of the host's scratch area; it reaches to the end of memory. */
  Scratch = 3,
  /** Offset in the image of what `load` refused. */
  FaultOffset = 4,
  /** Bytes of trace that `decideTraced` had; more than there was room for when it is greater. */
  TraceLength = 5,
  /** Address of the sets' best: strength and rank (u32 each) per set, after `decide`. */
  Best = 6,
  /** Address of the slots that the last `match` asked for: u32 each. */
  Needs = 7,
  /** Address where the host writes the subject's roles: RolesInput or their number, then their string ids. */
  Roles = 8,
  /** Address where the host writes the roles that a session activates: SessionInput or their number, then their ids. */
  Session = 9,
  /** Address of the keys that the last `match` found: per dimension a list, its count (u32) first. */
  Keys = 10,
  /** Bytes from one dimension's list to the next. */
  KeysStride = 11,
  /** Address of the tuple area, from there to the scratch area; 0 when the policies have no relations. See TupleArea. */
  Tuples = 16,
  /** What the last call about tuples or relations left for the host: see assembly/index.ts. */
  TupleAnswer = 17,
  /** Address of the answer of the last `evaluateJson`. */
  Reply = 18,
  /** Where in the body the last `evaluateJson` met its fault: an offset in bytes. */
  BodyFaultAt = 19,
  /** Which part of the request it was, a PathNode; with BodyFault.Form only. */
  BodyFaultPart = 20,
}

export const enum Magic {
  /** "SLYP" read as a little-endian u32. */
  Value = 0x50594c53,
  Version = 2,
}

/** Fields of the image header, as u32 indexes; the header is Header.Sections + 2 × Section.Count words long. */
export const enum Header {
  Magic = 0,
  Version = 1,
  /** Bytes of the whole image, the header included; a multiple of 16. */
  Length = 2,
  SlotCount = 3,
  /** Two words: see checksum.ts; not counted itself. */
  Checksum = 4,
  RuleCount = 6,
  /** Combine in the low byte. */
  Combine = 7,
  /** For each Section: offset, length in bytes. Sections lie in order, 16-aligned, without overlap. */
  Sections = 8,
}

export const enum Section {
  /** u32 per string plus one: byte offsets into StringBytes. The role names come first: role index = string id. */
  StringOffsets = 0,
  StringBytes = 1,
  /** Value cells of stored attributes, nothing else; a list's items come after the list itself. */
  Cells = 2,
  /** Glob programs, back to back. */
  GlobPrograms = 3,
  /** Regex programs, back to back. */
  RegexPrograms = 4,
  /** CIDR records. */
  Cidrs = 5,
  /**
   * Blocks, back to back, one per bucket, so that what a decision reads lies together: see Block. Its candidates, then the
   * condition nodes of the rules that stand here first.
   */
  Rules = 6,
  /** Open-addressed hash table, Bucket each; a power of two of them, at least one of them empty. */
  Buckets = 7,
  /** u32 key masks that occur in Buckets. */
  Signatures = 8,
  /** Lists of slots, back to back: count u32, then slots. A bucket's list: what its candidates' conditions read. */
  Needs = 9,
  /** For each of the four pattern dimensions: start and count (u32) in the list of glob program addresses that follows. */
  GlobKeys = 10,
  /** u32 role count R, R + 1 starts, then role ids: the closure of each role, itself included. */
  Roles = 11,
  /** Per set: u32 rule count. */
  Sets = 12,
  /** Per route: set mask u64, key count u32 (Id.AnyAction for any), zero u32, then the keys, padded to 8 bytes. */
  Routes = 13,
  /** Open-addressed hash table of entities: kind (0: empty), type, id (string ids), address of the attribute list. */
  EntityBuckets = 14,
  /** Attribute lists, back to back: count u32, then pairs of slot index and cell address. */
  EntityAttributes = 15,
  /** Zone tables, back to back: see ZoneTable. */
  Zones = 16,
  /** Recurring schedules, back to back: see Schedule. */
  Schedules = 17,
  /** Separations of duty, back to back, the static ones first: see Separation. */
  Separations = 18,
  /** The relation model: see RelationTable. Empty without one. */
  Relations = 19,
  /** How relations follow from others, back to back: see Rewrite. */
  Rewrites = 20,
  /** Condition nodes of the named conditions on tuples, back to back. */
  TupleConditions = 21,
  /** JSON for the host: the tuples of the document. */
  Tuples = 22,
  /** Programs of expressions, back to back; see cel-abi.ts. */
  Expressions = 23,
  /** Where in a request's JSON the slots are: see PathTable in json-abi.ts. */
  Paths = 24,
  /** What answers are put together from: see ReplyPart in json-abi.ts. */
  Replies = 25,
  /** JSON for the host: names, paths and what the core has no use for. */
  Metadata = 26,
  /** u32 per rule plus one: byte offsets into RuleTexts. */
  RuleTextOffsets = 27,
  /** JSON per rule, for the host and for answers: id, because, obligations, advice, set, effect, place. */
  RuleTexts = 28,
  Count = 29,
}

/** What the core returns from `load`; 0 is success. */
export const enum LoadFault {
  None = 0,
  Truncated = 1,
  Magic = 2,
  Version = 3,
  Checksum = 4,
  Sections = 5,
  Strings = 6,
  Cells = 7,
  Programs = 8,
  Code = 9,
  Index = 10,
  Roles = 11,
  Sets = 12,
  Routes = 13,
  Entities = 14,
  Memory = 15,
  Time = 16,
  Relations = 20,
  Paths = 21,
}

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

/** Three-valued logic: what a condition comes to. */
export const enum Truth {
  False = 0,
  True = 1,
  NotEvaluable = 2,
}

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
}

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

/** u32 indexes in a zone table: when local time changes its distance to UTC, in order, and by how much from then on. */
export const enum ZoneTable {
  /** Number of changes. */
  Count = 0,
  /** Seconds east of UTC (i32) before the first change. */
  FirstOffset = 1,
  /** For each change: seconds since 1970 (u32), seconds east of UTC from then on (i32). */
  Changes = 2,
}

/** u32 indexes in a schedule. */
export const enum Schedule {
  /** Address of a zone table; 0: UTC. */
  Zone = 0,
  /** Bit 0 is Monday. */
  Days = 1,
  /** Number of ranges of hours; 0: the whole day. */
  HoursCount = 2,
  /** Number of spans of dates; AnyDate: every date. */
  DateCount = 3,
  /** Number of spans of exceptions. */
  ExceptCount = 4,
  /**
   * Ranges of hours: first minute of the day | minute after the last << 16, which is above 1440 for a range over midnight.
   * Then the spans of dates, then those of exceptions: see DateSpan.
   */
  Lists = 5,
  AnyDate = 0xffffffff,
}

/**
 * Two words, the first and the last date: days since 1970, or, with this bit in the first word, dates of every year as
 * month << 5 | day.
 */
export const enum DateSpan {
  Yearly = 0x80000000,
}

export const enum TimeLimit {
  /** Bytes of the longest text that is read as a time: no request can make each test of it long. */
  TextBytes = 64,
  /** 2100-01-01, in days since 1970: where the zone tables end. */
  TableEndDay = 47482,
  /** The range of ECMAScript's times in days, to both sides of 1970. */
  FarthestDay = 100000000,
  /** A thousand years, the longest duration, as days; and as months. */
  DurationDays = 366000,
  DurationMonths = 12000,
}

/**
 * Regex programs. A header; for each ASCII character its class, a byte each; the runs of code points from 0x80 on, each
 * its first code point and its class << 21; then, by RegexForm, the automaton:
 *
 * - Table: a row of u16 per state, a cell per class and one for the end of the text, padded to words at the end. A cell is
 *   the index of the next state's first cell. The first two states never change again: not found, found.
 * - Nfa, for what would be too large as a table: a byte per class, RegexBeside, padded to words; per state three words:
 *   RegexOp, x, y; then sets of classes, a bit each, in as many words as the classes need.
 */
export const enum RegexForm {
  Table = 0,
  Nfa = 1,
}

/** u32 indexes in a regex program. */
export const enum RegexHeader {
  /** Words of the whole program. */
  Words = 0,
  Form = 1,
  States = 2,
  /** Table: the index of the start state's first cell. Nfa: the number of the start state. */
  Start = 3,
  /** At least one. */
  Classes = 4,
  /** Runs from 0x80 on, at least one; the first starts at 0x80. */
  Runs = 5,
  /** In bytes. */
  Size = 24,
}

export const enum RegexLayout {
  AsciiSize = 128,
  StateSize = 12,
  /** Classes are numbers of 11 bits in a run. */
  RunShift = 21,
}

/** States of an NFA. Set: x is the set's offset in the program in bytes, y the next state. Split: x and y. Assertions: x. */
export const enum RegexOp {
  Match = 0,
  Set = 1,
  Split = 2,
  Start = 3,
  End = 4,
  Word = 5,
  NotWord = 6,
  LineStart = 7,
  LineEnd = 8,
  FoldedWord = 9,
  NotFoldedWord = 10,
}

/** What assertions ask of the character before or after their place, as bits. */
export const enum RegexBeside {
  Word = 1,
  /** A word character when case is ignored. */
  FoldedWord = 2,
  LineBreak = 4,
  /** There is none. */
  Edge = 8,
}

/** A score that seems to come from the future by more than this (milliseconds) is refused; clocks differ by less. */
export const enum Clock {
  Skew = 300000,
}

export const enum Limit {
  /** Cells of request lists in one decision. */
  ListItems = 65536,
  /** Lists in lists in lists. */
  ListDepth = 8,
  /** Bytes of request text that the core looks into in one decision. */
  TextBytes = 8388608,
  /** Nodes above one another in a condition, what the parser allows and the targets included. */
  ConditionDepth = 72,
  /** Item comparisons and pattern steps in one decision. */
  Steps = 20000000,
  TraceSteps = 200000000,
  RegexStates = 20000,
  Slots = 4096,
  Rules = 16000000,
  /** Types × relations of a relation model. */
  RelationMatrix = 262144,
  /** Rewrites inside one another. */
  RewriteDepth = 16,
  /** What a model may set as the most steps from relation to relation. */
  RelationDepth = 50,
  /** Bytes of a type's id in a tuple. */
  TupleIdBytes = 1024,
  /** Relations that one decision may ask of others. */
  RelationRecords = 256,
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
  /** Whoever has it has it by tuples without conditions, and so have the members of members: see assembly/relation-members.ts. */
  Members = 4,
  /** All usersets that can have it are of relations marked Members. */
  OfMembers = 8,
  All = 15,
}

/** u32 indexes in the first page of the tuple area. */
export const enum TupleArea {
  /** End of the area. */
  Limit = 0,
  /** Where no page has been taken yet. */
  Fresh = 1,
  TupleCount = 2,
  /** Two words per tree (root page, levels of inner pages): see Tree. */
  Trees = 3,
  NodeTable = 9,
  NodeMask = 10,
  NodeCount = 11,
  /** What is left of the page that small blocks are cut from. */
  CutStart = 12,
  CutEnd = 13,
  /** Heads of the lists of free blocks: by 4 bytes up to 1024, then by powers of two from a page on. */
  FreeSmall = 16,
  FreeLarge = 273,
  PageSize = 2048,
  /** The area begins at a multiple of this: mostly where that of the next image begins, too, which can then take it over as bytes. */
  Alignment = 65536,
}

/** What a check remembers. */
export const enum MemoSize {
  Entries = 8192,
  /** Used at the same time, at most. */
  Most = 6144,
  EntryBytes = 16,
}

/** Byte offsets in an entry. */
export const enum MemoEntry {
  Object = 0,
  Generation = 4,
  Relation = 8,
  State = 10,
  /** Truth, and Cut for what is not evaluable because it was cut off at the model's depth. */
  Value = 11,
  /** Steps from here to the deepest check that was looked at. */
  Height = 12,
  Lowest = 13,
  Trail = 14,
  Cut = 4,
}

export const enum MemoState {
  Nothing = 0,
  Final = 1,
  Provisional = 2,
}

/** What is known of a subject's memberships: a table, then a list of its keys. */
export const enum Memberships {
  Table = 4096,
  EntryBytes = 16,
  /** Up to so many are looked for one after the other; more of them in the table. */
  Few = 24,
  /** Groups that a subject may be in for this; one that is in more is looked for from the object's side. */
  Most = 2048,
  /** Edges that are followed for them. */
  MostEdges = 8192,
}

export const enum TupleTable {
  /** Bytes of the first table of nodes; later ones double. */
  FirstBytes = 2048,
}

/** Byte offsets in a node; the id follows. */
export const enum TupleNode {
  /** u16. */
  Type = 0,
  /** u16. */
  IdBytes = 2,
  /** The node's edges as an object: address of a run, 1 when they are in Tree.Forward, 0 for none; see assembly/tuple-edges.ts. */
  Forward = 4,
  /** As a subject, or in Tree.Reverse. */
  Reverse = 8,
  Id = 12,
}

/** Runs of edges. */
export const enum Edges {
  HeaderSize = 4,
  Size = 8,
  /** A node with more than these has them in the tree: as many as the largest small block holds. */
  Most = 127,
}

/** Trees of the edges of nodes with many of them: the node, then two words that runs have, too. And one of contexts. */
export const enum Tree {
  /** object, relation, subject's relation, subject. */
  Forward = 0,
  /** subject, its relation, relation, object. */
  Reverse = 1,
  /** As Forward, with the address of the tuple's condition and context. */
  Contexts = 2,
}

/**
 * A page of a tree, as u32 indexes. Entries follow the header: in leaves a key (u64: high part first in order, then u32)
 * and in Tree.Contexts a value; in inner pages a key and a page.
 */
export const enum TreePage {
  Count = 0,
  /** The leaf that follows, or 0. */
  Next = 1,
  HeaderSize = 16,
  KeySize = 12,
  WideSize = 16,
}

/** u32 indexes in a tuple's condition and context: pairs of a slot and a cell follow, then what the cells refer to, then JSON. */
export const enum TupleContext {
  Condition = 0,
  Pairs = 1,
  /** Bytes of the whole block. */
  Size = 2,
  /** Bytes of the JSON text at its end. */
  JsonLength = 3,
  HeaderSize = 16,
  PairSize = 20,
}
