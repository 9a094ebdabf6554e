/** Conditions of rules as trees of nodes; the forms are in assembly/abi/condition.ts under Op. */
import { Op, Quantifier } from '../../assembly/abi/condition.ts'
import { Section } from '../../assembly/abi/image.ts'
import type { AttributePath, Condition, Pattern } from '../policy/model.ts'
import { itemsTest } from '../policy/structured-items.ts'
import { type ComparisonTables, ComparisonWriter } from './comparison-writer.ts'
import type { ExpressionTable } from './expressions.ts'
import { NodeWriter } from './node-writer.ts'
import type { RuleCode } from './rule-index.ts'
import type { SharedComparisons } from './shared-comparisons.ts'
import { SlotLists } from './slot-lists.ts'
import type { SlotTable } from './slots.ts'
import type { Words } from './words.ts'

const QUANTIFIERS: Readonly<Record<'any' | 'all' | 'none', Quantifier>> = {
  any: Quantifier.Any,
  all: Quantifier.All,
  none: Quantifier.None,
}

export interface CodeTables extends ComparisonTables {
  readonly expressions: ExpressionTable
  /** Where the nodes go. */
  readonly section: Section
  /** Where comparisons go that rules refer to. */
  readonly comparisons?: SharedComparisons
}

export class CodeWriter {
  readonly #nodes: NodeWriter
  readonly #comparisons: ComparisonWriter
  readonly #section: Section
  readonly #slots: SlotTable
  readonly #expressions: ExpressionTable
  readonly #lists = new SlotLists()
  /** Undefined for conditions on tuples, which are few. */
  readonly #shared: SharedComparisons | undefined

  constructor(tables: CodeTables) {
    const { strings, slots, expressions, section, comparisons } = tables
    this.#nodes = new NodeWriter(section, strings, slots)
    this.#comparisons = new ComparisonWriter(this.#nodes, tables)
    this.#section = section
    this.#slots = slots
    this.#expressions = expressions
    this.#shared = comparisons
  }

  get words(): Words {
    return this.#nodes.words
  }

  /** Writes the condition and the rest, all of which must hold, as one node; nothing always holds. */
  rule(condition: Condition | undefined, rest: readonly (() => void)[] = NOTHING): RuleCode {
    this.#nodes.startRule()
    const first = this.words.length
    const start = rest.length + (condition === undefined ? 0 : 1) > 1 ? this.#nodes.begin() : undefined
    if (rest.length > 0) for (const part of rest) part()
    if (condition !== undefined) this.#part(condition, start === undefined ? undefined : 'all')
    if (start !== undefined) this.#nodes.end(start, Op.All)
    const slots = this.#lists.listOf(this.#nodes.slotsRead)
    if (first === this.words.length) return { slots }
    const comparison = this.#shared?.take(this.words, first)
    if (comparison !== undefined) return { section: Section.Comparisons, offset: comparison, slots }
    const joined = this.#shared?.takeAll(this.words, first)
    return joined === undefined ? { section: this.#section, offset: first * 4, slots } : { joined, slots }
  }

  /** A node that holds when the subject has one of the roles. */
  hasRole(roles: readonly number[]): void {
    this.#comparisons.hasRole(roles)
  }

  /** A node that holds when one of the patterns covers the attribute. */
  matches(path: AttributePath, patterns: readonly Pattern[]): void {
    this.#comparisons.matches(path, patterns)
  }

  /** Writes a part of what joins its parts as `join` does. What joins its own in the same way needs no node: both are associative. */
  #part(condition: Condition, join: 'all' | 'any' | undefined): void {
    if (condition.kind === join) this.#parts(condition.of, join)
    else this.node(condition)
  }

  #parts(of: readonly Condition[], join: 'all' | 'any' | undefined): void {
    for (let i = 0; i < of.length; i++) this.#part(of[i]!, join)
  }

  /** Writes one condition. */
  node(condition: Condition): void {
    switch (condition.kind) {
      case 'all':
      case 'any': {
        const { of, kind } = condition
        const start = of.length === 1 ? undefined : this.#nodes.begin()
        this.#parts(of, start === undefined ? undefined : kind)
        if (start !== undefined) this.#nodes.end(start, kind === 'all' ? Op.All : Op.Any)
        break
      }
      case 'not': {
        const start = this.#nodes.begin()
        this.node(condition.of)
        this.#nodes.end(start, Op.Not)
        break
      }
      case 'otherwise': {
        const start = this.#nodes.begin()
        this.words.push(condition.value ? 1 : 0)
        this.node(condition.of)
        this.#nodes.end(start, Op.Otherwise)
        break
      }
      case 'equal': {
        const start = this.#nodes.begin()
        this.#nodes.pushWhole(condition.path)
        this.#nodes.pushWhole(condition.other)
        this.#nodes.end(start, Op.EqualAttributes)
        break
      }
      case 'expression':
        this.#expression(condition)
        break
      case 'items':
        this.#overItems(this.#slots.slotOf(condition.path), QUANTIFIERS[condition.quantifier], condition.of)
        break
      default:
        this.#comparisons.write(condition)
    }
  }

  #expression({ tree, source }: Extract<Condition, { kind: 'expression' }>): void {
    const items = itemsTest(tree)
    const slot = items && this.#slots.itemsRange(items.path as AttributePath)
    if (items !== undefined && slot !== undefined) {
      this.#overItems(slot, QUANTIFIERS[items.quantifier], items.of)
      return
    }
    const { offset, slots } = this.#expressions.program(tree, source)
    for (const slot of slots) this.#nodes.reads(slot)
    const start = this.#nodes.begin()
    this.words.pushAddress(Section.Expressions, offset)
    this.#nodes.end(start, Op.Expression)
  }

  /** Goes through the items of the list in a slot. */
  #overItems(slot: number, quantifier: Quantifier, of: Condition): void {
    const start = this.#nodes.begin()
    this.#nodes.pushSlot(slot)
    this.words.push(quantifier)
    this.#nodes.aboutItems(slot, () => this.node(of))
    this.#nodes.end(start, Op.Items)
  }
}

const NOTHING: readonly (() => void)[] = []
