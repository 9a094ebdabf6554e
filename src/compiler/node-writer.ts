/** Writing the nodes of conditions word by word: operands, constants, and which slots the nodes of a rule read. */
import { type Op, Operand } from '../../assembly/abi/condition.ts'
import type { Section } from '../../assembly/abi/image.ts'
import { Layout } from '../../assembly/abi/memory.ts'
import type { AttributeValue } from '../policy/document.ts'
import type { AttributePath } from '../policy/model.ts'
import { writeCells } from './cells.ts'
import { SlotSet } from './slot-set.ts'
import type { SlotTable, Use } from './slots.ts'
import type { StringTable } from './strings.ts'
import { Words } from './words.ts'

/** The value is compared with constants that stand in the nodes. */
export const NEITHER: Use = { text: false, identity: false }

export class NodeWriter {
  readonly words = new Words()
  readonly #section: Section
  readonly #strings: StringTable
  readonly #slots: SlotTable
  /** Slots that the nodes written of the current rule read. */
  readonly #read = new SlotSet()
  /** The list slot of the quantifier around the current node. */
  #items: number | undefined

  /** @param section Where the nodes go. */
  constructor(section: Section, strings: StringTable, slots: SlotTable) {
    this.#section = section
    this.#strings = strings
    this.#slots = slots
  }

  /** Forgets what the nodes of the rule before read. */
  startRule(): void {
    this.#read.clear()
  }

  /** The slots that are read since, in the order of their first use; valid until the next change. */
  get slotsRead(): readonly number[] {
    return this.#read.slots
  }

  /** Leaves room for word 0 of a node, whose other words come next; returns where it is. */
  begin(): number {
    return this.words.reserve(1)
  }

  /** Writes word 0 of the node, which now is complete. */
  end(start: number, op: Op): void {
    this.words.set(start, op | ((this.words.length - start) << 8))
  }

  /** A slot is read that no operand names. */
  reads(slot: number): void {
    this.#read.add(slot)
  }

  /** An operand: the value in a slot. */
  pushSlot(slot: number): void {
    this.#read.add(slot)
    this.words.push((slot * Layout.CellSize) | Operand.Frame)
  }

  /** An operand: the attribute at a path, of the request or of the current item. */
  pushAttribute(path: AttributePath, use: Use): void {
    if (path.root === 'item') {
      if (this.#items === undefined) throw new RangeError(`"${path.text}" outside a quantifier`)
      this.words.push(this.#slots.itemOperand(this.#items, path, use))
    } else {
      const slot = this.#slots.slotOf(path)
      if (use !== NEITHER) this.#slots.use(slot, use)
      this.pushSlot(slot)
    }
  }

  /** An operand: an attribute with everything in it, to be compared with another one. */
  pushWhole(path: AttributePath): void {
    const slot = this.#slots.slotOf(path, { whole: true })
    this.#slots.use(slot, { text: false, identity: true })
    this.pushSlot(slot)
  }

  /** The constant goes into the node; see Op in assembly/abi/condition.ts. */
  pushConstant(value: AttributeValue): void {
    this.words.push(Operand.Inline)
    writeCells(this.words, this.#section, this.#strings, value)
  }

  /** Writes what `write` does as about the items of the list in a slot. */
  aboutItems(slot: number, write: () => void): void {
    const outer = this.#items
    this.#items = slot
    this.#slots.itemsOf(slot)
    write()
    this.#items = outer
  }

  /** Whether it is something that a tuple says, or in an item of a list there. */
  isOfTuple({ root }: AttributePath): boolean {
    if (root !== 'item' || this.#items === undefined) return root === 'tuple'
    return this.#slots.specs[this.#items]?.root === 'tuple'
  }
}
