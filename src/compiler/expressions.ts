/** Checked expressions as programs; assembly/cel-abi.ts defines their form. */

import { Layout, Section } from '../../assembly/abi.ts'
import { CelNode, CelOp } from '../../assembly/cel-abi.ts'
import { type PathRef, partsOf, type Tree } from '../cel/tree.ts'
import type { AttributePath } from '../policy/model.ts'
import type { RegexAst } from '../policy/regex.ts'
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

const TEXT = { text: true, identity: false } as const

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

  /** Writes a node: its fields, then its parts. */
  #node(tree: Tree): void {
    const { start, end } = tree.range
    const at = this.words.length
    this.#places.push((at - this.#start) * 4, start - this.#origin, end - this.#origin)
    const { op, fields = [], parts = [] } = this.#shape(tree)
    this.words.push(0)
    if (tree.kind === 'zone-part') {
      this.words.push(tree.part)
      this.#schedules.pushZone(this.words, tree.zone)
    }
    if (tree.kind === 'matches') this.words.pushAddress(Section.RegexPrograms, this.#regex(tree))
    for (const field of fields) this.words.push(field)
    for (const part of parts) this.#node(part)
    this.words.set(at, op | ((this.words.length - at) << 8))
  }

  #shape(tree: Tree): Shape {
    switch (tree.kind) {
      case 'null':
        return { op: CelOp.Null }
      case 'boolean':
        return { op: CelOp.Boolean, fields: [tree.value ? 1 : 0] }
      case 'int':
        return { op: CelOp.Int, fields: wordsOf(tree.value) }
      case 'uint':
        return { op: CelOp.Uint, fields: wordsOf(tree.value) }
      case 'double':
        return { op: CelOp.Double, fields: wordsOf(bitsOf(tree.value)) }
      case 'string':
        return { op: CelOp.String, fields: [this.#strings.intern(tree.value)] }
      case 'bytes':
        return { op: CelOp.Bytes, fields: [tree.value.length, ...packed(tree.value)] }
      case 'type':
        return { op: CelOp.Type, fields: [tree.value] }
      case 'slot':
        return { op: CelOp.Slot, fields: [this.#slot(tree.path, tree.whole)] }
      case 'optional-slot':
        return { op: CelOp.OptionalSlot, fields: [this.#slot(tree.path, true)] }
      case 'has-slot': {
        const parent = tree.parent === undefined ? CelNode.NoParent : this.#slot(tree.parent, false)
        return { op: CelOp.HasSlot, fields: [parent, this.#slot(tree.path, false)] }
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
      case 'fold':
        return { op: CelOp.Fold, fields: [tree.fold | (tree.variables << 8), tree.local], parts }
      case 'parameters': {
        const fields = tree.parameters.flatMap(({ code, whole, tuple, request }) => [
          code,
          this.#slot(tuple, whole),
          this.#slot(request, whole),
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
  #slot(path: PathRef, whole: boolean): number {
    const slot = this.#slots.slotOf(path as AttributePath, { whole })
    this.#slots.use(slot, TEXT)
    this.#read.add(slot)
    return slot * Layout.CellSize
  }
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

function bitsOf(value: number): bigint {
  return new BigUint64Array(Float64Array.of(value).buffer)[0] ?? 0n
}

/** 64 bits as two words. */
function wordsOf(value: bigint): readonly [number, number] {
  const bits = BigInt.asUintN(64, value)
  return [Number(bits & 0xffffffffn), Number(bits >> 32n)]
}
