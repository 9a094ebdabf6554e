/**
 * Who is a member of what, from the subject's side: the groups that the subject is in, and the groups that those are in, found
 * once per subject by following its edges upwards. Then whether it is a member of a group that a tuple names takes one look, however many members that
 * has. (Zanzibar has the same idea as an index of its own, Leopard: Pang et al., USENIX ATC 2019, section 3.2.4.)
 *
 * For relations marked RewriteFlags.Members: those that tuples without conditions give, to subjects and to members of others of
 * them. So nothing here depends on the request, and what was found holds until a tuple is changed.
 */
import { RelationTable, Rewrite, RewriteFlags } from '../abi/relations'
import { Edges, Memberships, Tree } from '../abi/tuples'
import { memberships, relations } from '../state'
import { exhausted, spend } from '../steps'
import { rewriteOf } from './model'
import { edgesOf, IN_TREE, keyOf, runEnd, runStart } from '../tuple/edges'
import { findNode, typeOf } from '../tuple/nodes'
import { foundIndex, seek } from '../tuple/tree'
import { entryAt, entryCount, highOf, lowOf, nextLeaf } from '../tuple/tree-page'

/** Room for a hash table of keys (node and relation) with the generation in which they were entered, then for the keys in that order. */
const TABLE_MASK: u32 = Memberships.Table - 1

let generation: u32 = 0
let count: u32 = 0
/** Edges that were looked at. */
let looked: u32 = 0
/** Nothing was found out yet; the subject is known; or is in more than is worth looking at. */
let state: u32 = 0
const UNKNOWN: u32 = 0
const KNOWN: u32 = 1
const TOO_MANY: u32 = 2

let subject: u32 = 0
let subjectRelation: u32 = 0
let everyone: u32 = 0

/** The id of all of a type. */
const STAR: u32 = 706

/** A type, and the node that stands for all of it, or 0. */
const NO_TYPE: u32 = 0xffffffff
let starType: u32 = NO_TYPE
let star: u32 = 0

/** Tuples or nodes have changed. */
export function forgetMembers(): void {
  state = UNKNOWN
  starType = NO_TYPE
}

/** The node that stands for all of a type; 0 when no tuple names it. */
// @ts-ignore: decorator
@inline
export function everyoneOf(type: u32): u32 {
  if (type != starType) {
    store<u8>(STAR, 0x2a)
    star = findNode(type, STAR, 1)
    starType = type
  }
  return star
}

/** Says whose memberships are asked for: see `check` in relation/check.ts. */
// @ts-ignore: decorator
@inline
export function setMember(node: u32, relation: u32, all: u32): void {
  if (node == subject && relation == subjectRelation && all == everyone) return
  subject = node
  subjectRelation = relation
  everyone = all
  state = UNKNOWN
}

/** Whether memberships can be asked for: not for a subject that has too many. */
// @ts-ignore: decorator
@inline
export function knowsMember(): bool {
  if (state == UNKNOWN) gather()
  return state == KNOWN
}

/** Whether the subject has the relation to the node, by being a member. */
export function isMember(node: u32, relation: u32): bool {
  const key = keyOf(node, relation)
  if (count <= <u32>Memberships.Few) {
    for (let at = queued(0), end = queued(count); at < end; at += 8) if (load<u64>(at) == key) return true
    return false
  }
  let index = indexOf(node, relation)
  while (true) {
    const entry = memberships + index * Memberships.EntryBytes
    if (load<u32>(entry, 8) != generation) return false
    if (load<u64>(entry) == key) return true
    index = (index + 1) & TABLE_MASK
  }
}

// @ts-ignore: decorator
@inline
function indexOf(node: u32, relation: u32): u32 {
  const hash = (node >>> 2) * 0x9e3779b1 + relation * 0x85ebca77
  return (hash ^ (hash >>> 15)) & TABLE_MASK
}

// @ts-ignore: decorator
@inline
function queued(index: u32): u32 {
  return memberships + Memberships.Table * Memberships.EntryBytes + (index << 3)
}

function gather(): void {
  if (++generation == 0) {
    memory.fill(memberships, 0, Memberships.Table * Memberships.EntryBytes)
    generation = 1
  }
  state = KNOWN
  count = 0
  looked = 0
  if (subjectRelation != 0) enter(subject, subjectRelation)
  else {
    if (subject != 0) follow(subject, 0)
    if (everyone != 0 && everyone != subject) follow(everyone, 0)
  }
  for (let i: u32 = 0; i < count && state == KNOWN; i++) follow(load<u32>(queued(i), 4), load<u32>(queued(i)))
  // That a decision is over says nothing about the next one.
  if (exhausted()) state = UNKNOWN
}

function enter(node: u32, relation: u32): void {
  if (isMember(node, relation)) return
  if (count == Memberships.Most) {
    state = TOO_MANY
    return
  }
  store<u64>(queued(count), keyOf(node, relation))
  count++
  // What was few is looked up in the table from now on.
  if (count == Memberships.Few + 1) for (let i: u32 = 0; i < count; i++) tabulate(queued(i))
  else if (count > <u32>Memberships.Few) tabulate(queued(count - 1))
}

function tabulate(key: u32): void {
  let index = indexOf(load<u32>(key, 4), load<u32>(key))
  while (load<u32>(memberships + index * Memberships.EntryBytes, 8) == generation) index = (index + 1) & TABLE_MASK
  const entry = memberships + index * Memberships.EntryBytes
  store<u64>(entry, load<u64>(key))
  store<u32>(entry, generation, 8)
}

/** Enters what those who have the relation to the node are members of; of subjects, the relation is 0. */
function follow(node: u32, relation: u32): void {
  const edges = edgesOf(node, Tree.Reverse)
  if (edges == 0) return
  const list = load<u32>(relations, RelationTable.MemberRelations << 2)
  const end = list + 4 + (load<u32>(list) << 2)
  for (let at = list + 4; at < end && state == KNOWN; at += 4) {
    const first = (relation << 16) | load<u32>(at)
    if (edges == IN_TREE) followTree(node, first)
    else followRun(edges, first)
  }
}

function followRun(run: u32, first: u32): void {
  const end = runEnd(run)
  let at = runStart(run)
  while (at < end && load<u32>(at) < first) at += Edges.Size
  for (; at < end && load<u32>(at) == first; at += Edges.Size) reach(load<u32>(at, 4), first & 0xffff)
}

function followTree(node: u32, first: u32): void {
  const key = keyOf(node, first)
  let page = seek(Tree.Reverse, key, 0)
  let index = foundIndex
  while (page != 0 && state == KNOWN) {
    if (index >= entryCount(page)) {
      page = nextLeaf(page)
      index = 0
      continue
    }
    const entry = entryAt(page, index++)
    if (highOf(entry) != key) return
    reach(lowOf(entry), first & 0xffff)
  }
}

/** An edge leads to an object: what has members there is one to remember. */
function reach(object: u32, relation: u32): void {
  if (++looked > <u32>Memberships.MostEdges || !spend(1)) {
    state = TOO_MANY
    return
  }
  const rewrite = rewriteOf(typeOf(object), relation)
  if ((load<u32>(rewrite) & 0xff) == Rewrite.Direct && load<u32>(rewrite, 4) & RewriteFlags.Members) enter(object, relation)
}
