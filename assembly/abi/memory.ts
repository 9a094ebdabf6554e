/** Where things are in linear memory, what the core tells of itself, and the limits that both sides keep. See README.md. */

export const enum Layout {
  /** What `load` tells the host, one u32 each; see Info. */
  InfoBase = 1024,
  /** Where the image is copied to. */
  ImageBase = 4096,
  /** Bytes of a value cell: tag u32, aux u32, then an f64 or two u32. */
  CellSize = 16,
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

/**
 * The core's memory of the globs that names of the policies match: an entry for each dimension and the low bits of a name's id. An
 * entry is the id and one, how many keys the name has, itself included, and the globs' keys.
 */
export const enum GlobMemo {
  Entries = 64,
  EntryShift = 5,
  /** So many keys have room. */
  Most = 7,
  /** Of four dimensions. */
  Bytes = 8192,
}

export const enum Limit {
  /** Cells of request lists in one decision. */
  ListItems = 65536,
  /** Cells of one item of a list: what may be read of it, the item itself included. */
  ItemParts = 256,
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
