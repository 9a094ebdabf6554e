import { Operand } from '../../assembly/abi/condition.ts'
import { Slot } from '../../assembly/abi/frame.ts'
import { Layout, Limit } from '../../assembly/abi/memory.ts'
import { PolicyError } from '../policy/diagnostic.ts'
import type { AttributePath } from '../policy/model.ts'
import type { ItemPaths } from './cells.ts'

/** What a slot can read from: an item is read through its list's slot. */
type Root = Exclude<AttributePath['root'], 'item'>

/** What the host must know to write one frame slot. Goes into the image's metadata. */
export interface SlotSpec extends Modifiers {
  readonly root: Root
  readonly keys: readonly (string | number)[]
  /** Maps and lists are written with all that is in them, for expressions that look into them. */
  whole?: true
  /** It is gone through: a list is written with what is read of its items, a map as the list of its keys. */
  range?: true
  /** Of a range: tests of its items ask for the ids of their strings, too. */
  ids?: true
  /** The core looks into the string: its bytes must be written. */
  text: boolean
  /** The core compares the string with another string of the request: equal strings need equal ids. */
  identity: boolean
  /** A part of the request and not a property of that name; of fixed slots, the number says so. */
  readonly part?: true
  /** What is read of each list item; the first is the item itself. Present when a quantifier runs over the list. */
  items?: ItemSpec[]
}

export interface ItemSpec extends Modifiers {
  readonly keys: readonly (string | number)[]
  text: boolean
  identity: boolean
  /** Written with all that is in it. */
  whole?: true
}

/** How the host changes a value before it writes it: a slot is a path together with these. */
export interface Modifiers {
  /** Strings are folded: src/text/fold.ts. */
  readonly fold?: true
  /** What is marked as untrusted is not written. */
  readonly trusted?: true
  /** RFC 3339 text is written as milliseconds since 1970. */
  readonly time?: true
}

/** A path, or what is read of an item, with its modifiers. */
export type Read = Pick<AttributePath, 'keys'> & Modifiers

/** What a use of an attribute asks for. */
export interface Use {
  readonly text: boolean
  readonly identity: boolean
}

const FIXED: readonly (readonly [Root, string])[] = [
  ['action', 'name'],
  ['resource', 'type'],
  ['resource', 'id'],
  ['subject', 'type'],
  ['subject', 'id'],
]

/** Gives every attribute path that the policies read its slot in the frame: the projection. */
export class SlotTable {
  readonly specs: SlotSpec[] = []
  readonly #slots = new Map<string, number>()
  /** Of paths that were met, without a form: the rules of a source share them. */
  readonly #met = new Map<AttributePath & Modifiers, number>()

  constructor() {
    for (const [root, key] of FIXED) this.specs.push({ root, keys: [key], text: false, identity: false })
    this.specs.push({ root: 'subject', keys: ['roles'], text: false, identity: false })
    this.specs.push({ root: 'now', keys: [], text: false, identity: false })
    this.specs.push({ root: 'now', keys: [], text: false, identity: false })
    this.#slots.set(key('subject', ['roles']), Slot.SubjectRoles)
    this.#slots.set(key('now', []), Slot.Now)
  }

  /** The slot of a path; with the same modifiers, the same slot. */
  slotOf(path: AttributePath & Modifiers, form?: Form): number {
    if (form !== undefined) return this.#slotIn(path, form)
    const met = this.#met.get(path)
    if (met !== undefined) return met
    const slot = this.#slotIn(path, {})
    this.#met.set(path, slot)
    return slot
  }

  #slotIn(path: AttributePath & Modifiers, { whole, range, ids }: Form): number {
    const { root, keys, fixed } = path
    if (root === 'item') throw new RangeError(`"${path.text}" has no slot of its own`)
    const modifiers = modifiersOf(path)
    const part = fixed && Object.keys(modifiers).length > 0
    if (fixed && !part) return FIXED.findIndex(([from, name]) => from === root && name === keys[0])
    const plain = Object.keys(modifiers).length === 0
    const id = key(part ? `${root}!` : root, keys, modifiers) + formOf(whole && !(isRoles(path) && plain), range, ids)
    // There is one slot for the roles, whatever they are read for: a list of names, which is whole when these are.
    if (whole && plain && isRoles(path)) {
      const [name] = this.itemsOf(Slot.SubjectRoles)
      if (name !== undefined) name.text = true
    }
    const known = this.#slots.get(id)
    if (known !== undefined) return known
    const slot = this.specs.length
    this.#slots.set(id, slot)
    this.specs.push({
      root,
      keys,
      text: false,
      identity: false,
      ...(whole && { whole }),
      ...(range && { range }),
      ...(ids && { ids }),
      ...(part && { part }),
      ...modifiers,
    })
    return slot
  }

  use(slot: number, { text, identity }: Use): void {
    const spec = this.specs[slot]
    if (spec === undefined) throw new RangeError(`no slot ${slot}`)
    spec.text ||= text
    spec.identity ||= identity
  }

  /** The operand word of a path outside quantifiers. */
  operand(path: AttributePath & Modifiers, use: Use): number {
    const slot = this.slotOf(path)
    this.use(slot, use)
    return (slot * Layout.CellSize) | Operand.Frame
  }

  /**
   * A list or map whose items are tested one by one as in expressions; undefined for those that are written in a form of their own:
   * the roles, and what tuples say.
   */
  itemsRange(path: AttributePath): number | undefined {
    return path.root === 'tuple' || isRoles(path) ? undefined : this.slotOf(path, { range: true, ids: true })
  }

  /** A list or map that a macro runs over. */
  rangeOf(path: AttributePath): number {
    const slot = this.slotOf(path, { range: true })
    this.itemsOf(slot)
    return slot
  }

  /** Where the part of an item lies in the cells of the item, for the range in `slot`. */
  rangePart(slot: number, keys: readonly string[], { text, whole }: { text: boolean; whole: boolean }): number {
    const items = this.itemsOf(slot)
    const id = JSON.stringify(keys)
    let index = items.findIndex((item) => JSON.stringify(item.keys) === id)
    if (index < 0) {
      if (items.length >= Limit.ItemParts) throw tooManyParts(['item', ...keys].join('.'))
      index = items.push({ keys, text: false, identity: false }) - 1
    }
    const item = items[index]
    if (item !== undefined) {
      item.text ||= text
      if (whole) item.whole = true
    }
    return index * Layout.CellSize
  }

  /** The operand word of an `item` path inside a quantifier over the list in `slot`. */
  itemOperand(slot: number, read: Read, { text, identity }: Use): number {
    const { keys } = read
    const modifiers = modifiersOf(read)
    const items = this.itemsOf(slot)
    const id = key('item', keys, modifiers)
    let index = items.findIndex((item) => key('item', item.keys, modifiersOf(item)) === id)
    if (index < 0) {
      if (items.length >= Limit.ItemParts) throw tooManyParts(['item', ...keys].join('.'))
      index = items.push({ keys, text: false, identity: false, ...modifiers }) - 1
    }
    const item = items[index]
    if (item !== undefined) {
      item.text ||= text
      item.identity ||= identity
    }
    return (index * Layout.CellSize) | Operand.Item
  }

  itemsOf(slot: number): ItemSpec[] {
    const spec = this.specs[slot]
    if (spec === undefined) throw new RangeError(`no slot ${slot}`)
    spec.items ??= [{ keys: [], text: false, identity: false }]
    return spec.items
  }

  /** The items of a list at this path are asked for this, too. */
  useItems(path: AttributePath, { text, identity }: Use): void {
    if (path.root === 'item' || path.root === 'now' || path.fixed) return
    for (const item of this.itemsOf(this.slotOf(path))) {
      item.text ||= text
      item.identity ||= identity
    }
  }

  itemPaths(spec: SlotSpec): ItemPaths | undefined {
    return spec.items?.map(({ keys, fold, time, whole }) => {
      return { keys, fold: fold === true, time: time === true, whole: whole === true }
    })
  }
}

/** The core has no room for more; said here, where it is known how many there are. */
function tooMany(what: string, text: string): PolicyError {
  const place = { file: 'policies', line: 0, column: 0, path: '' }
  const message = `${what}, "${text}" is one too many; split the policies`
  return new PolicyError([{ severity: 'error', code: 'E_LIMIT', message, place }])
}

function tooManyParts(text: string): PolicyError {
  return tooMany(`the policies read more than ${Limit.ItemParts} parts of the items of one list`, text)
}

/** In what form a list or map is written; a slot is for one of them. */
interface Form {
  readonly whole?: boolean
  readonly range?: boolean
  readonly ids?: boolean
}

function formOf(whole: boolean | undefined, range: boolean | undefined, ids: boolean | undefined): string {
  return whole ? ' whole' : ids ? ' ids' : range ? ' range' : ''
}

function isRoles({ root, keys }: AttributePath): boolean {
  return root === 'subject' && keys.length === 1 && keys[0] === 'roles'
}

function key(root: string, keys: readonly (string | number)[], { fold, trusted, time }: Modifiers = {}): string {
  return `${root} ${JSON.stringify(keys)}${fold ? ' fold' : ''}${trusted ? ' trusted' : ''}${time ? ' time' : ''}`
}

/** Those that are there, and nothing else. */
function modifiersOf({ fold, trusted, time }: Modifiers): Modifiers {
  return { ...(fold && { fold }), ...(trusted && { trusted }), ...(time && { time }) }
}
