import { Op, Operand, Quantifier } from '../../assembly/abi/condition.ts'
import { Id, Slot } from '../../assembly/abi/frame.ts'
import { Section } from '../../assembly/abi/image.ts'
import { Layout } from '../../assembly/abi/memory.ts'
import { RelatedNode } from '../../assembly/abi/relations.ts'
import type { AttributeValue } from '../policy/document.ts'
import type {
  AttributePath,
  BinaryOperator,
  Comparison,
  Condition,
  OperandModel,
  Pattern,
  RelatedTest,
  SemverOperator,
  TermModel,
  TermPart,
  TrustModel,
} from '../policy/model.ts'
import { itemsTest } from '../policy/structured-items.ts'
import { writeCells } from './cells.ts'
import type { ExpressionTable } from './expressions.ts'
import type { ProgramTable } from './programs.ts'
import type { RelationSections } from './relations.ts'
import type { RuleCode } from './rule-index.ts'
import type { ScheduleTable } from './schedules.ts'
import type { SlotTable, Use } from './slots.ts'
import type { StringTable } from './strings.ts'
import { type TimeComparison, timeNode } from './time-nodes.ts'
import { trustNode } from './trust.ts'
import { Words } from './words.ts'

const BINARY: Readonly<Record<BinaryOperator, Op>> = {
  eq: Op.Eq,
  in: Op.In,
  gt: Op.Gt,
  gte: Op.Gte,
  lt: Op.Lt,
  lte: Op.Lte,
  contains: Op.Contains,
  contains_any: Op.ContainsAny,
  contains_all: Op.ContainsAll,
  is_subset: Op.IsSubset,
  starts_with: Op.StartsWith,
  ends_with: Op.EndsWith,
}

const SEMVER: Readonly<Record<SemverOperator, Op>> = {
  eq: Op.SemverEq,
  gt: Op.SemverGt,
  gte: Op.SemverGte,
  lt: Op.SemverLt,
  lte: Op.SemverLte,
}

const QUANTIFIERS: Readonly<Record<'any' | 'all' | 'none', Quantifier>> = {
  any: Quantifier.Any,
  all: Quantifier.All,
  none: Quantifier.None,
}

/** Operators that look into strings, when the operand is one. */
const READS_TEXT: ReadonlySet<BinaryOperator> = new Set([
  'gt',
  'gte',
  'lt',
  'lte',
  'contains',
  'starts_with',
  'ends_with',
])

const LOOKS: Use = { text: true, identity: false }
const NEITHER: Use = { text: false, identity: false }
const BOTH: Use = { text: true, identity: true }

export interface CodeTables {
  readonly strings: StringTable
  readonly programs: ProgramTable
  readonly slots: SlotTable
  readonly schedules: ScheduleTable
  readonly trust: TrustModel | undefined
  readonly expressions: ExpressionTable
  /** Where the nodes go. */
  readonly section: Section
  /** The relation model, when there is one. */
  readonly relations?: Pick<RelationSections, 'names' | 'requestSlots'>
}

/** Writes condition trees as nodes; the forms are in assembly/abi/condition.ts under Op. */
export class CodeWriter {
  readonly words = new Words()
  readonly #section: Section
  readonly #relations: CodeTables['relations']
  readonly #strings: StringTable
  readonly #programs: ProgramTable
  readonly #slots: SlotTable
  readonly #schedules: ScheduleTable
  readonly #trust: TrustModel | undefined
  readonly #expressions: ExpressionTable
  /** Slots that the nodes written of the current rule read. */
  readonly #read = new Set<number>()
  /** The list slot of the quantifier around the current node. */
  #items: number | undefined

  constructor({ strings, programs, slots, schedules, trust, expressions, section, relations }: CodeTables) {
    this.#section = section
    this.#relations = relations
    this.#strings = strings
    this.#programs = programs
    this.#slots = slots
    this.#schedules = schedules
    this.#trust = trust
    this.#expressions = expressions
  }

  /** Writes the parts, all of which must hold, as one node; no parts always hold. */
  rule(parts: readonly (() => void)[]): RuleCode {
    this.#read.clear()
    const offset = parts.length === 0 ? undefined : this.words.offset
    if (parts.length === 1) parts[0]?.()
    else if (parts.length > 1) this.#group(Op.All, parts)
    return { offset, slots: [...this.#read] }
  }

  /** A node that holds when the subject has one of the roles. */
  hasRole(roles: readonly number[]): void {
    this.#write(Op.HasRole, () => {
      for (const role of roles) this.words.push(role)
    })
  }

  /** A node that holds when one of the patterns covers the attribute. */
  matches(path: AttributePath, patterns: readonly Pattern[]): void {
    const parts = patterns.map((pattern) => () => this.#pattern(path, pattern))
    if (parts.length === 1) parts[0]?.()
    else this.#group(Op.Any, parts)
  }

  #group(op: Op, parts: readonly (() => void)[]): void {
    this.#write(op, () => {
      for (const part of parts) part()
    })
  }

  /** Writes word 0 with the node's size once the rest is there. */
  #write(op: Op, rest: () => void): void {
    const start = this.words.length
    this.words.push(0)
    rest()
    this.words.set(start, op | ((this.words.length - start) << 8))
  }

  /** Writes one condition. */
  node(condition: Condition): void {
    switch (condition.kind) {
      case 'all':
      case 'any':
        this.#group(
          condition.kind === 'all' ? Op.All : Op.Any,
          condition.of.map((part) => () => this.node(part)),
        )
        break
      case 'not':
        this.#write(Op.Not, () => this.node(condition.of))
        break
      case 'otherwise':
        this.#write(Op.Otherwise, () => {
          this.words.push(condition.value ? 1 : 0)
          this.node(condition.of)
        })
        break
      case 'equal':
        this.#write(Op.EqualAttributes, () => {
          this.#pushWhole(condition.path)
          this.#pushWhole(condition.other)
        })
        break
      case 'expression':
        this.#expression(condition)
        break
      default:
        this.#comparison(condition)
    }
  }

  #expression({ tree, source }: Extract<Condition, { kind: 'expression' }>): void {
    const items = itemsTest(tree)
    const slot = items && this.#slots.itemsRange(items.path as AttributePath)
    if (items !== undefined && slot !== undefined) {
      this.#read.add(slot)
      this.#overItems(slot, QUANTIFIERS[items.quantifier], items.of)
      return
    }
    const { offset, slots } = this.#expressions.program(tree, source)
    for (const slot of slots) this.#read.add(slot)
    this.#write(Op.Expression, () => this.words.pushAddress(Section.Expressions, offset))
  }

  #comparison(test: Comparison): void {
    switch (test.kind) {
      case 'test':
        this.#binary(test.path, test.op, test.operand)
        break
      case 'exists':
        this.#write(Op.Exists, () => this.#pushPath(test.path, NEITHER))
        break
      case 'glob':
        this.matches(test.path, test.patterns)
        break
      case 'regex':
        this.#write(Op.Regex, () => {
          this.#pushPath(test.path, LOOKS)
          this.words.pushAddress(
            Section.RegexPrograms,
            this.#programs.regexOffset(test.source, test.ast, test.path.fold ? 'folded' : 'ecmascript'),
          )
        })
        break
      case 'cidr':
        this.#write(Op.Cidr, () => {
          this.#pushPath(test.path, LOOKS)
          this.words.pushAddress(Section.Cidrs, this.#programs.cidrsOffset(test.ranges))
          this.words.push(test.ranges.length)
        })
        break
      case 'semver':
        this.#write(SEMVER[test.op], () => {
          this.#pushPath(test.path, LOOKS)
          this.#pushConstant(test.version)
        })
        break
      case 'time':
      case 'age':
      case 'during':
        this.#time(test)
        break
      case 'items':
        this.#quantifier(test.path, QUANTIFIERS[test.quantifier], test.of)
        break
      case 'related':
        this.#related(test)
        break
      case 'trust': {
        const { op, words, slots } = trustNode(test, this.#trust, this.#slots)
        for (const slot of slots) this.#read.add(slot)
        this.#write(op, () => {
          for (const word of words) this.words.push(word)
        })
      }
    }
  }

  #binary(path: AttributePath, op: BinaryOperator, operand: OperandModel): void {
    const reference = operand.kind === 'path'
    const text = READS_TEXT.has(op) && (reference || typeof operand.value === 'string')
    // The string of a tuple has no identity among those of the request: they are compared by their bytes.
    const withTuple = reference && (path.root === 'tuple' || operand.path.root === 'tuple')
    const use = withTuple ? BOTH : { text, identity: reference }
    if (withTuple) for (const one of [path, operand.path]) this.#slots.useItems(one, use)
    const usual = reference ? undefined : this.#usualTest(op, operand.value)
    this.#write(usual?.op ?? BINARY[op], () => {
      this.#pushPath(path, use)
      if (reference) this.#pushPath(operand.path, use)
      else if (usual !== undefined) usual.pushConstant()
      else this.#pushConstant(operand.value)
    })
  }

  #time(test: TimeComparison): void {
    const { op, write } = timeNode(test, this.#schedules)
    if (test.kind === 'age') this.#read.add(Slot.Now)
    this.#write(op, () => {
      write({ words: this.words, pushPath: (path) => this.#pushPath(path, test.kind === 'during' ? NEITHER : LOOKS) })
    })
  }

  /** The operation that knows the constant's type, where there is one. */
  #usualTest(op: BinaryOperator, value: AttributeValue): { op: Op; pushConstant: () => void } | undefined {
    if (op === 'eq' && typeof value === 'string') {
      return { op: Op.EqString, pushConstant: () => this.words.push(this.#strings.intern(value)) }
    }
    if (op === 'in' && isListOfStrings(value)) {
      const pushConstant = () => {
        for (const item of value) this.words.push(this.#strings.intern(item))
      }
      return { op: Op.InStrings, pushConstant }
    }
    const ordering = WITH_NUMBER[op]
    if (ordering === undefined || typeof value !== 'number') return undefined
    return { op: ordering, pushConstant: () => this.words.pushNumber(value) }
  }

  #pattern(path: AttributePath, pattern: Pattern): void {
    if (pattern.kind === 'exact' && path.fixed) {
      this.#binary(path, 'eq', { kind: 'value', value: pattern.value })
      return
    }
    // Not `eq` for an attribute: on another type than a string, `eq` is false where a pattern is not evaluable.
    const glob = pattern.kind === 'glob' ? pattern : literalGlob(pattern.value)
    this.#write(Op.Glob, () => {
      this.#pushPath(path, LOOKS)
      this.words.pushAddress(Section.GlobPrograms, this.#programs.globOffset(glob))
    })
  }

  #quantifier(path: AttributePath, quantifier: Quantifier, of: Condition): void {
    const slot = this.#slots.slotOf(path)
    this.#read.add(slot)
    this.#overItems(slot, quantifier, of)
  }

  /** Goes through the items of the list in a slot. */
  #overItems(slot: number, quantifier: Quantifier, of: Condition): void {
    this.#write(Op.Items, () => {
      this.words.push((slot * Layout.CellSize) | Operand.Frame)
      this.words.push(quantifier)
      const outer = this.#items
      this.#items = slot
      this.#slots.itemsOf(slot)
      this.node(of)
      this.#items = outer
    })
  }

  #related({ subject, subjectRelation, relation, object }: RelatedTest): void {
    const names = this.#relations?.names
    if (names === undefined) throw new RangeError('a test of a relation without a model')
    for (const slot of this.#relations?.requestSlots ?? []) this.#read.add(slot)
    this.#write(Op.Related, () => {
      const start = this.words.length - 1
      this.words.push(0)
      this.words.push(names.relationNumber(relation) ?? 0)
      this.words.push(subjectRelation === undefined ? 0 : (names.relationNumber(subjectRelation) ?? 0))
      this.#pushTerm(subject)
      this.#pushTerm(object)
      if (this.words.length - start !== RelatedNode.Words) throw new RangeError('a node of another size')
    })
  }

  #pushTerm({ type, id }: TermModel): void {
    if (type === undefined) this.words.push(Id.NoKey)
    else this.#pushPart(type)
    this.#pushPart(id)
  }

  #pushPart(part: TermPart): void {
    if (part.kind === 'path') this.#pushPath(part.path, LOOKS)
    else this.words.push((this.#strings.intern(part.value) << 4) | Operand.Text)
  }

  /** An attribute with everything in it, to be compared with another one. */
  #pushWhole(path: AttributePath): void {
    const slot = this.#slots.slotOf(path, { whole: true })
    this.#slots.use(slot, { text: false, identity: true })
    this.#read.add(slot)
    this.words.push((slot * Layout.CellSize) | Operand.Frame)
  }

  #pushPath(path: AttributePath, use: Use): void {
    if (path.root === 'item') {
      if (this.#items === undefined) throw new RangeError(`"${path.text}" outside a quantifier`)
      this.words.push(this.#slots.itemOperand(this.#items, path, use))
    } else {
      this.#read.add(this.#slots.slotOf(path))
      this.words.push(this.#slots.operand(path, use))
    }
  }

  /** The constant goes into the node; see Op in assembly/abi/condition.ts. */
  #pushConstant(value: AttributeValue): void {
    this.words.push(Operand.Inline)
    writeCells(this.words, this.#section, this.#strings, value)
  }
}

const WITH_NUMBER: Partial<Record<BinaryOperator, Op>> = {
  gt: Op.GtNumber,
  gte: Op.GteNumber,
  lt: Op.LtNumber,
  lte: Op.LteNumber,
}

function isListOfStrings(value: AttributeValue): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

/** A glob without wildcards. No pattern starts with an empty class, so that its source is never that of another glob. */
function literalGlob(text: string): Extract<Pattern, { kind: 'glob' }> {
  return { kind: 'glob', source: `[]${text}`, tokens: [{ kind: 'literal', text }] }
}
