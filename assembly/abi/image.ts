/** The outermost form of an image: its header, its sections, and why an image is refused. docs/image.md draws it. See README.md. */

export const enum Magic {
  /** "SLYP" read as a little-endian u32. */
  Value = 0x50594c53,
  Version = 5,
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
  /** Combine in the low byte; above it, of how many lines the blocks are, 1 to Block.MostLines. */
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
  /** Condition nodes of comparisons, back to back, each once; see Op.AllShared. */
  Comparisons = 6,
  /** Condition nodes of all other conditions of rules, back to back. */
  Conditions = 7,
  /** A block for each key of the rule index, of whole lines of the cache, as many for each: see Block. */
  Blocks = 8,
  /** Candidates that have no room in their block, in the order of the blocks: those of a block, then their quick tests, then their nodes Op.AllShared. */
  Candidates = 9,
  /** The rule index: a hash table of groups of keys, at least one of them not full; see Group. */
  Groups = 10,
  /** u32 key masks that occur in Blocks. */
  Signatures = 11,
  /** Lists of slots, back to back: count u32, then slots. A block's list: what its candidates' conditions read. */
  Needs = 12,
  /** For each of the four pattern dimensions: start and count (u32) in the list of glob program addresses that follows. */
  GlobKeys = 13,
  /** u32 role count R, R + 1 starts, then role ids: the closure of each role, itself included. */
  Roles = 14,
  /** Per set: u32 rule count. */
  Sets = 15,
  /** Per route: set mask u64, key count u32 (Id.AnyAction for any), zero u32, then the keys, padded to 8 bytes. */
  Routes = 16,
  /** Open-addressed hash table of entities: kind (0: empty), type, id (string ids), address of the attribute list. */
  EntityBuckets = 17,
  /** Attribute lists, back to back: count u32, then pairs of slot index and cell address. */
  EntityAttributes = 18,
  /** Zone tables, back to back: see ZoneTable. */
  Zones = 19,
  /** Recurring schedules, back to back: see Schedule. */
  Schedules = 20,
  /** Separations of duty, back to back, the static ones first: see Separation. */
  Separations = 21,
  /** The relation model: see RelationTable. Empty without one. */
  Relations = 22,
  /** How relations follow from others, back to back: see Rewrite. */
  Rewrites = 23,
  /** Condition nodes of the named conditions on tuples, back to back. */
  TupleConditions = 24,
  /** JSON for the host: the tuples of the document. */
  Tuples = 25,
  /** Programs of expressions, back to back; see abi/cel.ts. */
  Expressions = 26,
  /** Where in a request's JSON the slots are: see PathTable in abi/json.ts. */
  Paths = 27,
  /** What answers are put together from: see ReplyPart in abi/json.ts. */
  Replies = 28,
  /** JSON for the host: names, paths and what the core has no use for. */
  Metadata = 29,
  /** u32 per rule plus one: byte offsets into RuleTexts. */
  RuleTextOffsets = 30,
  /** JSON per rule, for the host and for answers: id, because, obligations, advice, set, effect, place. */
  RuleTexts = 31,
  Count = 32,
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
