/**
 * Where the loaded image's parts are. Set once by image.ts; read everywhere else. Nothing here is allocated: these are
 * addresses in linear memory.
 */
import { RolesInput } from './abi/frame'
import { Header, Section } from './abi/image'
import { GlobMemo, Layout, Limit } from './abi/memory'
import { Block, Group } from './abi/rules'
import { Memberships, MemoSize } from './abi/tuples'
import { CelLimit } from './abi/cel'
import { placeJson } from './json/state'

export let stringOffsets: u32 = 0
export let stringBytes: u32 = 0
export let stringCount: u32 = 0
export let groups: u32 = 0
export let groupsEnd: u32 = 0
export let groupCount: u32 = 0
/** The low bits of a key's word in a group. */
export let needsBits: u32 = 0
export let needLists: u32 = 0
export let blocks: u32 = 0
/** Bytes of a block. */
export let blockSize: u32 = 0
export let signatures: u32 = 0
export let signatureCount: u32 = 0
/** The dimensions that some signature names. */
export let usedDimensions: u32 = 0
export let globs: u32 = 0
export let roles: u32 = 0
export let roleCount: u32 = 0
export let separations: u32 = 0
export let separationsEnd: u32 = 0
export let sets: u32 = 0
export let setCount: u32 = 0
/** A bit for each set. */
export let allSets: u64 = 0
export let routes: u32 = 0
export let routesEnd: u32 = 0
export let entityBuckets: u32 = 0
export let entityMask: u32 = 0
export let combine: u32 = 0
export let ruleCount: u32 = 0

/** Working areas after the image. */
export let frame: u32 = 0
/** Per dimension a list of keys; see match.ts. */
export let keys: u32 = 0
export let keysStride: u32 = 0
/** Which globs a name of the policies matches; see keys.ts. Only with globs. */
export let globMemo: u32 = 0
/** A u32 per role: the decision in which it was last held. */
export let roleStamps: u32 = 0
/** Where the host lists the subject's roles. */
export let rolesInput: u32 = 0
/** Where the host lists the roles that a session activates. */
export let sessionInput: u32 = 0
/** Roles of an entity that apply to the request's resource. */
export let scopedRoles: u32 = 0
/** Per set: best rank, best strength. */
export let best: u32 = 0
export let votes: u32 = 0
/** Candidates that could be deciding, as addresses; bit 0 set when not evaluable. */
export let log: u32 = 0
/** Addresses of the blocks that the request's keys found. */
export let found: u32 = 0
/** The key that is being looked for: the first words of its block, but for the number of candidates. */
export let keyInHand: u32 = 0
/** The same of the first block that was found, by its hash alone; see Guess. */
export let guess: u32 = 0
/** Slots that their candidates read, and per slot the decision in which it was last asked for. */
export let needs: u32 = 0
export let needStamps: u32 = 0
export let slotCount: u32 = 0
export let regexWork: u32 = 0
/** The relation model, a check's memo and stack; 0 when the policies have no relations. */
export let relations: u32 = 0
export let memo: u32 = 0
export let memoTrail: u32 = 0
export let relationStack: u32 = 0
/** See Memberships. */
export let memberships: u32 = 0
/** Scratch memory of expressions; see cel/scratch.ts. */
export let celScratch: u32 = 0
export let scratch: u32 = 0

/** u32 indexes in what is kept of a block that was not verified yet. */
export const enum Guess {
  /** After the key: its list of slots. */
  Needs = 6,
  /** In bytes. */
  Size = 32,
}

export function sectionStart(section: u32): u32 {
  return Layout.ImageBase + load<u32>(Layout.ImageBase + ((Header.Sections + section * 2) << 2))
}

/** Bytes of a block, as the header has it. */
export function blockBytes(): u32 {
  return (load<u32>(Layout.ImageBase + (Header.Combine << 2)) >> 8) * Block.Line
}

export function sectionLength(section: u32): u32 {
  return load<u32>(Layout.ImageBase + ((Header.Sections + section * 2 + 1) << 2))
}

/** How many bits it takes to say where a list in Needs is: see Group. */
export function bitsForNeeds(): u32 {
  return 32 - clz(sectionLength(Section.Needs) >> 2)
}

/**
 * Takes over a validated image with so many candidates; `regexStates` is the size of the largest automaton in it,
 * `scopedBytes` that of the items of all lists of scoped roles that one entity has.
 */
export function adopt(candidateCount: u32, regexStates: u32, scopedBytes: u32): void {
  slotCount = load<u32>(Layout.ImageBase + (Header.SlotCount << 2))
  const globCount = (sectionLength(Section.GlobKeys) >> 2) - 8
  stringOffsets = sectionStart(Section.StringOffsets)
  stringBytes = sectionStart(Section.StringBytes)
  stringCount = (sectionLength(Section.StringOffsets) >> 2) - 1
  groups = sectionStart(Section.Groups)
  groupsEnd = groups + sectionLength(Section.Groups)
  groupCount = sectionLength(Section.Groups) / Group.Size
  needsBits = bitsForNeeds()
  needLists = sectionStart(Section.Needs)
  blocks = sectionStart(Section.Blocks)
  blockSize = blockBytes()
  signatures = sectionStart(Section.Signatures)
  signatureCount = sectionLength(Section.Signatures) >> 2
  usedDimensions = 0
  for (let i: u32 = 0; i < signatureCount; i++) usedDimensions |= load<u32>(signatures + (i << 2))
  globs = sectionStart(Section.GlobKeys)
  roles = sectionStart(Section.Roles)
  separations = sectionStart(Section.Separations)
  separationsEnd = separations + sectionLength(Section.Separations)
  sets = sectionStart(Section.Sets)
  setCount = sectionLength(Section.Sets) >> 2
  allSets = setCount == 64 ? u64.MAX_VALUE : ((<u64>1) << setCount) - 1
  routes = sectionStart(Section.Routes)
  routesEnd = routes + sectionLength(Section.Routes)
  entityBuckets = sectionStart(Section.EntityBuckets)
  entityMask = (sectionLength(Section.EntityBuckets) >> 4) - 1
  combine = load<u8>(Layout.ImageBase + (Header.Combine << 2))
  ruleCount = load<u32>(Layout.ImageBase + (Header.RuleCount << 2))
  roleCount = load<u32>(roles)

  let at: u32 = Layout.ImageBase + load<u32>(Layout.ImageBase + (Header.Length << 2))
  frame = at
  at += slotCount * Layout.CellSize
  keys = at
  keysStride = (((max(globCount + 1, roleCount) + 1) << 2) + 15) & ~15
  at += keysStride * 5
  globMemo = at
  if (globCount != 0) at += GlobMemo.Bytes
  roleStamps = at
  at += ((roleCount << 2) + 15) & ~15
  rolesInput = at
  at += ((RolesInput.Most << 2) + 31) & ~15
  sessionInput = at
  at += ((roleCount << 2) + 31) & ~15
  scopedRoles = at
  // A subject and a resource.
  at += scopedBytes * 2
  best = at
  at += ((setCount << 3) + 15) & ~15
  votes = at
  at += ((setCount << 2) + 15) & ~15
  log = at
  at += ((candidateCount << 2) + 15) & ~15
  found = at
  at += (((sectionLength(Section.Blocks) / blockSize + 1) << 2) + 15) & ~15
  keyInHand = at
  at += Guess.Size
  guess = at
  at += Guess.Size
  needs = at
  // And one more, behind the last that is new.
  at += ((slotCount << 2) + 31) & ~15
  needStamps = at
  at += ((slotCount << 2) + 15) & ~15
  regexWork = at
  // Two sparse sets of states (dense and sparse array each) and a stack; see regex/nfa.ts.
  at += (regexStates * 24 + 31) & ~15
  relations = 0
  if (sectionLength(Section.Relations) != 0) {
    relations = sectionStart(Section.Relations)
    memo = at
    at += MemoSize.Entries * MemoSize.EntryBytes
    memoTrail = at
    at += MemoSize.Most * 2
    relationStack = at
    at += (Limit.RelationDepth + 2) * 16
    memberships = at
    at += Memberships.Table * Memberships.EntryBytes + Memberships.Most * 8
  }
  celScratch = at
  // Behind it, the cell for the result.
  if (sectionLength(Section.Expressions) != 0) at += CelLimit.ScratchBytes + Layout.CellSize
  scratch = placeJson(at, stringCount)
}

/** Moves the scratch area, which is empty between decisions. */
export function placeScratch(address: u32): void {
  scratch = address
}
