/** The hash table of the rule index: see Group in assembly/abi/rules.ts, which says why it is of that form. */
import { Group } from '../../assembly/abi/rules.ts'
import { groupOf } from './hash.ts'
import type { KeyTable } from './key-table.ts'
import { Words } from './words.ts'

const GROUP_WORDS = Group.Size / 4

export interface PlacedKeys {
  /** The keys in the order of the groups. */
  readonly order: Int32Array
  /** The groups, in each how many keys the ones before have; the keys' words are 1. */
  readonly groups: Words
}

/** Gives each key a place in a group: two thirds of the places are taken. */
export function placeInGroups(keys: KeyTable): PlacedKeys {
  const count = keys.size
  const groupCount = Math.floor((count * 3) / (Group.Most * 2)) + 1
  const taken = new Uint8Array(groupCount)
  const groupOfKey = new Int32Array(count)
  for (let key = 0; key < count; key++) {
    let group = groupOf(keys.hashOf(key), groupCount)
    while (taken[group] === Group.Most) group = group + 1 === groupCount ? 0 : group + 1
    taken[group]!++
    groupOfKey[key] = group
  }
  const groups = new Words(groupCount * GROUP_WORDS)
  groups.reserve(groupCount * GROUP_WORDS)
  /** Where the next key of each group goes. */
  const next = new Int32Array(groupCount)
  let first = 0
  for (let group = 0; group < groupCount; group++) {
    groups.set(group * GROUP_WORDS + Group.First, first)
    groups.written.fill(1, group * GROUP_WORDS + Group.Keys, group * GROUP_WORDS + Group.Keys + taken[group]!)
    next[group] = first
    first += taken[group]!
  }
  const order = new Int32Array(count)
  for (let key = 0; key < count; key++) order[next[groupOfKey[key]!]!++] = key
  return { order, groups }
}

/** Writes the words of the keys, once it is known where their lists of slots are, and how many words these take together. */
export function writeKeyWords(
  groups: Words,
  order: Int32Array,
  keys: KeyTable,
  needOffsets: Int32Array,
  needWords: number,
): void {
  const bits = 32 - Math.clz32(needWords)
  const words = groups.written
  for (let at = 0; at < groups.length; at += GROUP_WORDS) {
    const first = words[at + Group.First]!
    for (let i = Group.Keys; i < GROUP_WORDS && words[at + i] !== 0; i++) {
      const key = order[first + i - Group.Keys]!
      words[at + i] = (keys.hashOf(key) << bits) | (needOffsets[key]! / 4 + 1)
    }
  }
}
