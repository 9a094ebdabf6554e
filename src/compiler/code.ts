import { Op, Operand, Quantifier } from '../../assembly/abi/condition.ts'
import { Id, Slot } from '../../assembly/abi/frame.ts'
import { Section } from '../../assembly/abi/image.ts'
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
import type { ExpressionTable } from './expressions.ts'
import { NEITHER, NodeWriter } from './node-writer.ts'
import type { ProgramTable } from './programs.ts'
import type { RelationSections } from './relations.ts'
import type { RuleCode } from './rule-index.ts'
import type { ScheduleTable } from './schedules.ts'
import type { SharedComparisons } from './shared-comparisons.ts'
import { SlotLists } from './slot-lists.ts'
import type { SlotTable, Use } from './slots.ts'
import type { StringTable } from './strings.ts'
import { type TimeComparison, timeNode } from './time-nodes.ts'
import { trustNode } from './trust.ts'
import type { Words } from './words.ts'

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
  /** Where comparisons go that rules refer to. */
  readonly comparisons?: SharedComparisons
  /** The relation model, when there is one. */
  readonly relations?: Pick<RelationSections, 'names' | 'requestSlots'>
}

/** Writes condition trees as nodes; the forms are in assembly/abi/condition.ts under Op. */
export class CodeWriter {
  readonly #nodes: NodeWriter
  readonly #section: Section
  readonly #relations: CodeTables['relations']
  readonly #strings: StringTable
  readonly #programs: ProgramTable
  readonly #slots: SlotTable
  readonly #schedules: ScheduleTable
  readonly #trust: TrustModel | undefined
  readonly #expressions: ExpressionTable
  readonly #lists = new SlotLists()
  /** Undefined for conditions on tuples, which are few. */
  readonly #comparisons: SharedComparisons | undefined

  constructor(tables: CodeTables) {
    const { strings, programs, slots, schedules, trust, expressions, section, relations, comparisons } = tables
    this.#nodes = new NodeWriter(section, strings, slots)
    this.#section = section
    this.#relations = relations
    this.#strings = strings
    this.#programs = programs
    this.#slots = slots
    this.#schedules = schedules
    this.#trust = trust
    this.#expressions = expressions
    this.#comparisons = comparisons
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
    const comparison = this.#comparisons?.take(this.words, first)
    if (comparison !== undefined) return { section: Section.Comparisons, offset: comparison, slots }
    const joined = this.#comparisons?.takeAll(this.words, first)
    return joined === undefined ? { section: this.#section, offset: first * 4, slots } : { joined, slots }
  }

  /** A node that holds when the subject has one of the roles. */
  hasRole(roles: readonly number[]): void {
    const start = this.#nodes.begin()
    for (const role of roles) this.words.push(role)
    this.#nodes.end(start, Op.HasRole)
  }

  /** A node that holds when one of the patterns covers the attribute. */
  matches(path: AttributePath, patterns: readonly Pattern[]): void {
    const start = patterns.length === 1 ? undefined : this.#nodes.begin()
    for (const pattern of patterns) this.#pattern(path, pattern)
    if (start !== undefined) this.#nodes.end(start, Op.Any)
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
      case 'test':
        this.#binary(condition.path, condition.op, condition.operand)
        break
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
      default:
        this.#comparison(condition)
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

  #comparison(test: Exclude<Comparison, { kind: 'test' }>): void {
    switch (test.kind) {
      case 'glob':
        this.matches(test.path, test.patterns)
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
        for (const slot of slots) this.#nodes.reads(slot)
        const start = this.#nodes.begin()
        for (const word of words) this.words.push(word)
        this.#nodes.end(start, op)
        break
      }
      case 'exists':
      case 'regex':
      case 'cidr':
      case 'semver':
        this.#ofText(test)
    }
  }

  /** A test that an attribute is there, or looks as its operand says. */
  #ofText(test: TextTest): void {
    const start = this.#nodes.begin()
    this.#nodes.pushAttribute(test.path, test.kind === 'exists' ? NEITHER : LOOKS)
    this.#nodes.end(start, this.#pushOperand(test))
  }

  /** What the attribute is looked at for; returns the node's operation. */
  #pushOperand(test: TextTest): Op {
    switch (test.kind) {
      case 'exists':
        return Op.Exists
      case 'regex': {
        const { source, ast, path } = test
        const offset = this.#programs.regexOffset(source, ast, path.fold ? 'folded' : 'ecmascript')
        this.words.pushAddress(Section.RegexPrograms, offset)
        return Op.Regex
      }
      case 'cidr':
        this.words.pushAddress(Section.Cidrs, this.#programs.cidrsOffset(test.ranges))
        this.words.push(test.ranges.length)
        return Op.Cidr
      case 'semver':
        this.#nodes.pushConstant(test.version)
        return SEMVER[test.op]
    }
  }

  #binary(path: AttributePath, op: BinaryOperator, operand: OperandModel): void {
    if (operand.kind === 'path') this.#betweenPaths(path, op, operand.path)
    else this.#withConstant(path, op, operand.value)
  }

  #betweenPaths(path: AttributePath, op: BinaryOperator, other: AttributePath): void {
    // The string of a tuple has no identity among those of the request: they are compared by their bytes.
    const withTuple = this.#nodes.isOfTuple(path) || this.#nodes.isOfTuple(other)
    const use = withTuple ? BOTH : { text: READS_TEXT.has(op), identity: true }
    if (withTuple) for (const one of [path, other]) this.#slots.useItems(one, use)
    const start = this.#nodes.begin()
    this.#nodes.pushAttribute(path, use)
    this.#nodes.pushAttribute(other, use)
    this.#nodes.end(start, BINARY[op])
  }

  /** With the operation that knows the constant's type, where there is one. */
  #withConstant(path: AttributePath, op: BinaryOperator, value: AttributeValue): void {
    const start = this.#nodes.begin()
    if (op === 'eq' && typeof value === 'string') {
      this.#nodes.pushAttribute(path, NEITHER)
      this.words.push(this.#strings.intern(value))
      this.#nodes.end(start, Op.EqString)
    } else if (op === 'in' && isListOfStrings(value)) {
      this.#nodes.pushAttribute(path, NEITHER)
      for (let i = 0; i < value.length; i++) this.words.push(this.#strings.intern(value[i] as string))
      this.#nodes.end(start, Op.InStrings)
    } else {
      this.#nodes.pushAttribute(path, typeof value === 'string' && READS_TEXT.has(op) ? LOOKS : NEITHER)
      this.#nodes.end(start, this.#pushValue(op, value))
    }
  }

  /** Returns the node's operation. */
  #pushValue(op: BinaryOperator, value: AttributeValue): Op {
    const ordering = typeof value === 'number' ? WITH_NUMBER[op] : undefined
    if (ordering === undefined) this.#nodes.pushConstant(value)
    else this.words.pushNumber(Number(value))
    return ordering ?? BINARY[op]
  }

  #time(test: TimeComparison): void {
    const { op, write } = timeNode(test, this.#schedules)
    if (test.kind === 'age') this.#nodes.reads(Slot.Now)
    const start = this.#nodes.begin()
    write({
      words: this.words,
      pushPath: (path) => this.#nodes.pushAttribute(path, test.kind === 'during' ? NEITHER : LOOKS),
    })
    this.#nodes.end(start, op)
  }

  #pattern(path: AttributePath, pattern: Pattern): void {
    if (pattern.kind === 'exact' && path.fixed) {
      this.#withConstant(path, 'eq', pattern.value)
      return
    }
    // Not `eq` for an attribute: on another type than a string, `eq` is false where a pattern is not evaluable.
    const glob = pattern.kind === 'glob' ? pattern : literalGlob(pattern.value)
    const start = this.#nodes.begin()
    this.#nodes.pushAttribute(path, LOOKS)
    this.words.pushAddress(Section.GlobPrograms, this.#programs.globOffset(glob))
    this.#nodes.end(start, Op.Glob)
  }

  #quantifier(path: AttributePath, quantifier: Quantifier, of: Condition): void {
    this.#overItems(this.#slots.slotOf(path), quantifier, of)
  }

  /** Goes through the items of the list in a slot. */
  #overItems(slot: number, quantifier: Quantifier, of: Condition): void {
    const start = this.#nodes.begin()
    this.#nodes.pushSlot(slot)
    this.words.push(quantifier)
    this.#nodes.aboutItems(slot, () => this.node(of))
    this.#nodes.end(start, Op.Items)
  }

  #related({ subject, subjectRelation, relation, object }: RelatedTest): void {
    const names = this.#relations?.names
    if (names === undefined) throw new RangeError('a test of a relation without a model')
    for (const slot of this.#relations?.requestSlots ?? []) this.#nodes.reads(slot)
    const start = this.#nodes.begin()
    this.words.push(0)
    this.words.push(names.relationNumber(relation) ?? 0)
    this.words.push(subjectRelation === undefined ? 0 : (names.relationNumber(subjectRelation) ?? 0))
    this.#pushTerm(subject)
    this.#pushTerm(object)
    if (this.words.length - start !== RelatedNode.Words) throw new RangeError('a node of another size')
    this.#nodes.end(start, Op.Related)
  }

  #pushTerm({ type, id }: TermModel): void {
    if (type === undefined) this.words.push(Id.NoKey)
    else this.#pushPart(type)
    this.#pushPart(id)
  }

  #pushPart(part: TermPart): void {
    if (part.kind === 'path') this.#nodes.pushAttribute(part.path, LOOKS)
    else this.words.push((this.#strings.intern(part.value) << 4) | Operand.Text)
  }
}

const NOTHING: readonly (() => void)[] = []

type TextTest = Extract<Comparison, { kind: 'exists' | 'regex' | 'cidr' | 'semver' }>

const WITH_NUMBER: Partial<Record<BinaryOperator, Op>> = {
  gt: Op.GtNumber,
  gte: Op.GteNumber,
  lt: Op.LtNumber,
  lte: Op.LteNumber,
}

function isListOfStrings(value: AttributeValue): value is readonly string[] {
  if (!Array.isArray(value)) return false
  for (let i = 0; i < value.length; i++) if (typeof value[i] !== 'string') return false
  return true
}

/** A glob without wildcards. No pattern starts with an empty class, so that its source is never that of another glob. */
function literalGlob(text: string): Extract<Pattern, { kind: 'glob' }> {
  return { kind: 'glob', source: `[]${text}`, tokens: [{ kind: 'literal', text }] }
}
