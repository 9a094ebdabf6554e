/** Checked expressions as programs; assembly/abi/cel.ts defines their form. */

import { CelCall, CelFold, CelFoldRange, CelNode, CelOp } from '../../assembly/abi/cel.ts'
import { Section } from '../../assembly/abi/image.ts'
import { Layout } from '../../assembly/abi/memory.ts'
import { type PathRef, partsOf, type Tree } from '../cel/tree.ts'
import { canHold } from '../cel/types.ts'
import type { AttributePath } from '../policy/model.ts'
import type { RegexAst } from '../policy/regex.ts'
import { constantOf, writeConstant } from './expression-constants.ts'
import type { ProgramTable } from './programs.ts'
import type { ScheduleTable } from './schedules.ts'
import type { SlotTable } from './slots.ts'
import type { StringTable } from './strings.ts'
import { Words } from './words.ts'

/** A program in the section Expressions. */
export interface Program {
  readonly offset: number
  readonly source: string
  /** The frame slots that it reads. */
  readonly slots: readonly number[]
  /** Nodes that can fail: offset from the program's start, and range in the source, three numbers each. */
  readonly places: readonly number[]
}

export class ExpressionTable {
  readonly words = new Words()
  readonly #strings: StringTable
  readonly #programs: ProgramTable
  readonly #slots: SlotTable
  readonly #schedules: ScheduleTable
  /** By source, and by parameters where there are some: the same text then always means the same. */
  readonly #known = new Map<string, Program>()
  #read = new Set<number>()
  #places: number[] = []
  #start = 0
  #origin = 0
  /** Variables that stand for the items of a slot → the slot. */
  readonly #items = new Map<number, number>()
  /** How many were written. */
  #nodes = 0

  constructor(strings: StringTable, programs: ProgramTable, slots: SlotTable, schedules: ScheduleTable) {
    this.#strings = strings
    this.#programs = programs
    this.#slots = slots
    this.#schedules = schedules
  }

  /** The program of an expression, written when it is new. */
  program(tree: Tree, source: string): Program {
    const key = tree.kind === 'parameters' ? `${source} ${JSON.stringify([tree.allNeeded, tree.parameters])}` : source
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.#read = new Set()
    this.#places = []
    this.#start = this.words.length
    this.#origin = tree.range.start
    const offset = this.words.offset
    this.#node(tree)
    const program = { offset, source, slots: [...this.#read], places: this.#places }
    this.#known.set(key, program)
    return program
  }

  all(): readonly Program[] {
    return [...this.#known.values()]
  }

  /** Writes a node: its fields, then its parts. `text`: the bytes of a string are needed, and not only its id. */
  #node(tree: Tree, text = true): void {
    const { start, end } = tree.range
    const at = this.words.length
    this.#nodes++
    this.#places.push((at - this.#start) * 4, start - this.#origin, end - this.#origin)
    this.words.push(0)
    const op = this.#body(tree, text)
    this.words.set(at, op | ((this.words.length - at) << 8))
  }

  #body(tree: Tree, text: boolean): CelOp {
    const constant = constantOf(tree)
    if (constant !== undefined) {
      writeConstant(this.words, this.#strings, constant)
      return CelOp.Constant
    }
    if (tree.kind === 'fold') return this.#fold(tree)
    if (tree.kind === 'zone-part') {
      this.words.push(tree.part)
      this.#schedules.pushZone(this.words, tree.zone)
    }
    if (tree.kind === 'matches') this.words.pushAddress(Section.RegexPrograms, this.#regex(tree))
    const { op, fields = [], parts = [] } = this.#itemShape(tree, text) ?? this.#shape(tree, text)
    for (const field of fields) this.words.push(field)
    const byId = parts.length === 2 && tree.kind === 'call' && isCompared(tree.call) && parts.some(isConstant)
    const [first, second] = parts
    if (tree.kind === 'call' && tree.call === CelCall.In && first !== undefined && second?.kind === 'slot') {
      this.#node(first, !byId)
      this.#membersOf(second, { text: !byId, whole: canHold(first.type) })
    } else for (const part of parts) this.#node(part, !byId)
    return op
  }

  /** A macro over a slot reads the parts of its items that it asks for; one over anything else has their values. */
  #fold({ fold, variables, local, over, bodies, shallow }: Extract<Tree, { kind: 'fold' }>): CelOp {
    const slot = over.kind === 'slot' && variables === 1 ? this.#range(over.path) : undefined
    const range = slot === undefined ? CelFoldRange.Values : CelFoldRange.Cells
    this.words.push(fold | (variables << 8) | (range << 16))
    this.words.push(local)
    const price = this.words.length
    this.words.push(0)
    if (slot === undefined) this.#node(over)
    else {
      this.#rangeNode(slot, over)
      // What a filter leaves are the items themselves.
      if (fold === CelFold.Filter) this.#slots.rangePart(slot, [], { text: !shallow, whole: !shallow })
      this.#items.set(local, slot)
    }
    const before = this.#nodes
    for (const body of bodies) this.#node(body)
    this.#items.delete(local)
    this.words.set(price, this.#nodes - before + 1)
    return CelOp.Fold
  }

  /** The list or map that a value is looked for in: of a map only the keys matter. */
  #membersOf(tree: Extract<Tree, { kind: 'slot' }>, use: { text: boolean; whole: boolean }): void {
    const slot = this.#range(tree.path)
    if (slot === undefined) this.#node(tree)
    else {
      this.#slots.rangePart(slot, [], use)
      this.#rangeNode(slot, tree)
    }
  }

  #rangeNode(slot: number, { range: { start, end } }: Tree): void {
    this.#nodes++
    this.#places.push((this.words.length - this.#start) * 4, start - this.#origin, end - this.#origin)
    this.words.push(CelOp.Slot | (2 << 8))
    this.words.push(slot * Layout.CellSize)
  }

  /** The slot of a list or map whose items or keys are gone through; undefined for those that the core writes itself. */
  #range(path: PathRef): number | undefined {
    const isRoles = path.root === 'subject' && path.keys.length === 1 && path.keys[0] === 'roles'
    if (path.root === 'tuple' || isRoles) return undefined
    const slot = this.#slots.rangeOf(path as AttributePath)
    this.#read.add(slot)
    return slot
  }

  /** A part of an item, or whether it is there, where the item is one of a slot's. */
  #itemShape(tree: Tree, text: boolean): Shape | undefined {
    if (tree.kind === 'has') {
      const map = this.#itemPath(tree.of)
      if (map === undefined) return undefined
      const parent = this.#slots.rangePart(map.slot, map.keys, { text: false, whole: false })
      const part = this.#slots.rangePart(map.slot, [...map.keys, tree.key], { text: false, whole: false })
      return { op: CelOp.HasItemPart, fields: [map.local, parent, part] }
    }
    const path = this.#itemPath(tree)
    if (path === undefined) return undefined
    const whole = tree.shallow !== true
    return { op: CelOp.ItemPart, fields: [path.local, this.#slots.rangePart(path.slot, path.keys, { text, whole })] }
  }

  #itemPath(tree: Tree): { local: number; slot: number; keys: readonly string[] } | undefined {
    if (tree.kind === 'local') {
      const slot = this.#items.get(tree.index)
      return slot === undefined ? undefined : { local: tree.index, slot, keys: [] }
    }
    if (tree.kind !== 'select') return undefined
    const base = this.#itemPath(tree.of)
    return base && { ...base, keys: [...base.keys, tree.key] }
  }

  #shape(tree: Tree, text: boolean): Shape {
    switch (tree.kind) {
      case 'bytes':
        return { op: CelOp.Bytes, fields: [tree.value.length, ...packed(tree.value)] }
      case 'slot':
        return { op: CelOp.Slot, fields: [this.#slot(tree.path, { whole: tree.shallow !== true, text })] }
      case 'optional-slot':
        return { op: CelOp.OptionalSlot, fields: [this.#slot(tree.path, { whole: true, text: true })] }
      case 'has-slot': {
        const shallow = { whole: false, text: false }
        const parent = tree.parent === undefined ? CelNode.NoParent : this.#slot(tree.parent, shallow)
        return { op: CelOp.HasSlot, fields: [parent, this.#slot(tree.path, shallow)] }
      }
      case 'now':
        this.#read.add(this.#slots.slotOf({ root: 'now', keys: [], fixed: false, text: 'now' }))
        return { op: CelOp.Now }
      case 'local':
        return { op: CelOp.Local, fields: [tree.index] }
      case 'optional-none':
        return { op: CelOp.OptionalNone }
      default:
        return this.#shapeOfComposed(tree)
    }
  }

  #shapeOfComposed(tree: Tree): Shape {
    const parts = partsOf(tree)
    switch (tree.kind) {
      case 'select':
        return { op: CelOp.Select, fields: [this.#strings.intern(tree.key)], parts }
      case 'has':
        return { op: CelOp.Has, fields: [this.#strings.intern(tree.key)], parts }
      case 'optional-select':
        return { op: CelOp.OptionalSelect, fields: [this.#strings.intern(tree.key)], parts }
      case 'and':
        return { op: CelOp.And, parts }
      case 'or':
        return { op: CelOp.Or, parts }
      case 'not':
        return { op: CelOp.Not, parts }
      case 'conditional':
        return { op: CelOp.Conditional, parts }
      case 'list':
        return { op: CelOp.List, parts }
      case 'map':
        return { op: CelOp.Map, parts }
      case 'call':
        return { op: CelOp.Call, fields: [tree.call], parts }
      case 'parameters': {
        const fields = tree.parameters.flatMap(({ code, whole, tuple, request }) => [
          code,
          this.#slot(tuple, { whole, text: true }),
          this.#slot(request, { whole, text: true }),
        ])
        return { op: CelOp.Parameters, fields: [fields.length / 3 + (tree.allNeeded ? 256 : 0), ...fields], parts }
      }
      case 'bind':
        return { op: CelOp.Bind, fields: [tree.local], parts }
      case 'optional-map':
        return { op: CelOp.OptionalMap, fields: [tree.local, tree.flat ? 1 : 0], parts }
      case 'optional-element':
        return { op: CelOp.OptionalElement, parts }
      case 'optional-or':
        return { op: CelOp.OptionalOr, fields: [tree.value ? 1 : 0], parts }
      case 'zone-part':
        return { op: CelOp.PartInZone, parts }
      case 'matches':
        return { op: CelOp.Matches, parts }
      default:
        throw new RangeError(`no node for ${tree.kind}`)
    }
  }

  #regex({ source, regex }: Extract<Tree, { kind: 'matches' }>): number {
    return this.#programs.regexOffset(source, regex as RegexAst, 're2')
  }

  /** The offset of an attribute's cell in the frame. */
  #slot(path: PathRef, { whole, text }: { whole: boolean; text: boolean }): number {
    const slot = this.#slots.slotOf(path as AttributePath, { whole })
    this.#slots.use(slot, { text, identity: false })
    this.#read.add(slot)
    return slot * Layout.CellSize
  }
}

/** Whether a call asks only for equality. */
function isCompared(call: CelCall): boolean {
  return call === CelCall.Equal || call === CelCall.NotEqual || call === CelCall.In
}

function isConstant(tree: Tree): boolean {
  return constantOf(tree) !== undefined
}

/** What a node is made of. */
interface Shape {
  readonly op: CelOp
  readonly fields?: readonly number[]
  readonly parts?: readonly Tree[]
}

/** Bytes, four to a word. */
function packed(bytes: Uint8Array): number[] {
  return Array.from({ length: Math.ceil(bytes.length / 4) }, (_, i) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(i * 4, i * 4 + 4)
    return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0
  })
}
