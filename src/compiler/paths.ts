/**
 * Where in a request's JSON the slots are: a tree of keys, and per slot how it is read from there. With it the core reads
 * requests as bytes by itself (assembly/json/frame.ts), as the host reads them as objects (src/engine/reading.ts).
 */
import { Slot } from '../../assembly/abi/frame.ts'
import { FoldRun, PathFlag, PathKey, PathNode, PathSource } from '../../assembly/abi/json.ts'
import { defaultChain } from '../policy/chain.ts'
import type { PolicyModel } from '../policy/model.ts'
import { foldRuns } from '../text/fold.ts'
import type { ItemSpec, SlotSpec } from './slots.ts'
import type { StringTable } from './strings.ts'
import { Words } from './words.ts'

type Keys = SlotSpec['keys']

/** Parent and key of the nodes that every image has, in the order of PathNode. */
const FIXED: readonly (readonly [parent: PathNode, key: string])[] = [
  [PathNode.Root, 'subject'],
  [PathNode.Subject, 'type'],
  [PathNode.Subject, 'id'],
  [PathNode.Subject, 'properties'],
  [PathNode.SubjectProperties, 'roles'],
  [PathNode.Subject, 'on_behalf_of'],
  [PathNode.Subject, 'delegation_chain'],
  [PathNode.Root, 'action'],
  [PathNode.Action, 'name'],
  [PathNode.Action, 'properties'],
  [PathNode.Root, 'resource'],
  [PathNode.Resource, 'type'],
  [PathNode.Resource, 'id'],
  [PathNode.Resource, 'properties'],
  [PathNode.Root, 'context'],
  [PathNode.Root, 'tenant'],
]

/** What a path starts from: the part itself, and its properties. */
const ROOTS = {
  subject: [PathNode.Subject, PathNode.SubjectProperties],
  action: [PathNode.Action, PathNode.ActionProperties],
  resource: [PathNode.Resource, PathNode.ResourceProperties],
  context: [PathNode.Context, PathNode.Context],
} as const

interface SlotPath {
  readonly source: PathSource
  readonly node?: number
  readonly property?: number
  /** Below an actor of the chain. */
  readonly keys?: Keys
  readonly actor?: number
}

export function encodePaths(model: PolicyModel, specs: readonly SlotSpec[], strings: StringTable): Words {
  const table = new PathTables(strings)
  const slots = specs.map((spec, slot) => {
    const { source, node = 0, property = 0, keys = [], actor = 0 } = table.pathOf(spec, slot)
    const parts = table.parts(spec.whole ? [] : itemParts(spec))
    return [source | (flagsOf(spec, slot) << 8), node, property, ...parts, ...table.keyList(keys), actor]
  })
  const { maxDepth, repeats } = model.chain ?? defaultChain
  const folds = specs.some(isFolded) ? foldRuns() : []
  const words = new Words()
  const header = [strings.intern(model.tenant), maxDepth, repeats ? 1 : 0]
  const counts = [table.nodes.length / 2, table.partWords.length / 3, table.keys.length, folds.length]
  const roleKeys = ['role', 'on'].map((key) => strings.intern(key))
  const runs = folds.flatMap(({ first, last, step, delta }) => [first, last, step, delta >>> 0])
  if (runs.length !== folds.length * FoldRun.Words) throw new RangeError('a run of another size')
  for (const word of [header, counts, roleKeys, table.nodes, slots.flat(), table.partWords, table.keys, runs].flat()) {
    words.push(word)
  }
  return words
}

class PathTables {
  /** Parent and key, by number. */
  readonly nodes: number[] = [0, 0]
  readonly partWords: number[] = []
  readonly keys: number[] = []
  readonly #strings: StringTable
  readonly #nodes = new Map<string, number>()
  readonly #lists = new Map<string, readonly [first: number, count: number]>()

  constructor(strings: StringTable) {
    this.#strings = strings
    for (const [parent, key] of FIXED) this.#child(parent, key)
  }

  pathOf(spec: SlotSpec, slot: number): SlotPath {
    const { root, keys } = spec
    switch (root) {
      case 'now':
        return { source: PathSource.Now }
      case 'state':
        return { source: PathSource.LeftOut }
      // What tuples say is written by the core.
      case 'tuple':
        return { source: PathSource.Missing }
      case 'chain':
        return this.#chainPath(keys)
      default: {
        const isPart = spec.part === true || slot < Slot.SubjectRoles
        return this.#nodePath(ROOTS[root][isPart ? 0 : 1], keys)
      }
    }
  }

  #chainPath([part, second, ...rest]: Keys): SlotPath {
    if (part === 'depth') return { source: PathSource.ChainDepth }
    if (part === 'ancestors') {
      if (second === undefined) return { source: PathSource.ChainAncestors }
      if (typeof second !== 'number') return { source: PathSource.Missing }
      return { source: PathSource.ChainActor, actor: second, keys: rest }
    }
    if (second === undefined) throw new RangeError('the root of a chain has no slot')
    // Without delegators, the root is the subject.
    const own =
      second === 'properties'
        ? this.#nodePath(PathNode.SubjectProperties, rest)
        : this.#nodePath(PathNode.Subject, [second])
    return { ...own, source: PathSource.ChainRoot, keys: second === 'properties' ? [second, ...rest] : [second] }
  }

  /** The first key is that of a property, a name. */
  #nodePath(start: number, [first = '', ...rest]: Keys): SlotPath {
    const property = this.#child(start, String(first))
    const node = rest.reduce<number>((parent, key) => this.#child(parent, key), property)
    return { source: PathSource.Node, node, property }
  }

  #child(parent: number, key: string | number): number {
    const name = JSON.stringify([parent, key])
    const known = this.#nodes.get(name)
    if (known !== undefined) return known
    const node = this.nodes.length / 2
    this.#nodes.set(name, node)
    this.nodes.push(parent, this.#keyWord(key))
    return node
  }

  #keyWord(key: string | number): number {
    return typeof key === 'number' ? (key | PathKey.Index) >>> 0 : this.#strings.intern(key)
  }

  /** First and count of a list of keys; equal lists once. */
  keyList(keys: Keys): readonly [first: number, count: number] {
    return this.#once(`keys ${JSON.stringify(keys)}`, keys.length, () => {
      const first = this.keys.length
      for (const key of keys) this.keys.push(this.#keyWord(key))
      return first
    })
  }

  parts(parts: readonly { readonly flags: number; readonly keys: Keys }[]): readonly [first: number, count: number] {
    return this.#once(`parts ${JSON.stringify(parts)}`, parts.length, () => {
      const lists = parts.map(({ keys }) => this.keyList(keys))
      const first = this.partWords.length / 3
      parts.forEach(({ flags }, i) => {
        this.partWords.push(flags, ...(lists[i] ?? [0, 0]))
      })
      return first
    })
  }

  #once(name: string, count: number, write: () => number): readonly [first: number, count: number] {
    const known = this.#lists.get(name)
    if (known !== undefined) return known
    const list = [count === 0 ? 0 : write(), count] as const
    this.#lists.set(name, list)
    return list
  }
}

function isFolded({ fold, items }: SlotSpec): boolean {
  return fold === true || (items ?? []).some((item) => item.fold === true)
}

function flagsOf(spec: SlotSpec, slot: number): number {
  return (
    useFlags(spec) |
    (spec.whole ? PathFlag.Whole : 0) |
    (spec.range ? PathFlag.Range : 0) |
    (readsRoles(spec, slot) ? PathFlag.Roles : 0) |
    (spec.root === 'chain' && spec.keys[1] === 'properties' && spec.keys[2] === 'roles' ? PathFlag.Roles : 0)
  )
}

/** Of the subject's roles, those that apply: as src/engine/derived.ts reads what is modified, and projection.ts the roles. */
function readsRoles({ root, keys, part, fold, trusted, time }: SlotSpec, slot: number): boolean {
  if (root !== 'subject' || keys[0] !== 'roles' || part) return false
  return slot === Slot.SubjectRoles || fold === true || trusted === true || time === true
}

function useFlags({ text, identity, fold, time }: ItemSpec): number {
  return (
    (text ? PathFlag.Text : 0) |
    (identity ? PathFlag.Identity : 0) |
    (fold ? PathFlag.Fold : 0) |
    (time ? PathFlag.Time : 0)
  )
}

/** As itemReadings in src/engine/reading.ts has them: the item itself first, which is written as it is. */
function itemParts(spec: SlotSpec): { flags: number; keys: Keys }[] {
  const items: readonly ItemSpec[] = spec.items ?? [{ keys: [], text: false, identity: false }]
  return items.map((item, i) => {
    const identity = item.identity || (i === 0 && spec.identity)
    // What is read of a folded list is folded as far as there are only lists in between.
    const fold = item.fold === true || (spec.fold === true && item.keys.every((key) => typeof key === 'number'))
    const use: ItemSpec = { keys: item.keys, text: item.text, identity, ...(fold && { fold }) }
    const byText = spec.range === true && spec.ids !== true && item.text && !identity
    const flags = useFlags(item.time ? { ...use, time: true } : use)
    return {
      flags: flags | (item.whole ? PathFlag.Whole : 0) | (byText ? PathFlag.ByText : 0),
      keys: item.keys,
    }
  })
}
