/** Relation tuples in linear memory, and what is remembered while they are searched. See README.md. */

/** u32 indexes in the first page of the tuple area. */
export const enum TupleArea {
  /** End of the area. */
  Limit = 0,
  /** Where no page has been taken yet. */
  Fresh = 1,
  TupleCount = 2,
  /** Two words per tree (root page, levels of inner pages): see Tree. */
  Trees = 3,
  /** A hash table of addresses of nodes, plus two bits of the hash; 0 for none. */
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
  /**
   * The node's edges as an object: address of a run, plus 2 for one edge and 3 for two; 1 when they are in Tree.Forward, 0 for none;
   * see assembly/tuple/edges.ts.
   */
  Forward = 4,
  /** As a subject, or in Tree.Reverse. */
  Reverse = 8,
  Id = 12,
}

/** Runs of edges. */
export const enum Edges {
  /** Of runs of more than two. */
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
