/** Comparisons of attributes as nodes: with constants, with one another, with patterns; the forms are in assembly/abi/condition.ts under Op. */
import { Op, Operand } from '../../assembly/abi/condition.ts'
import { Id, Slot } from '../../assembly/abi/frame.ts'
import { Section } from '../../assembly/abi/image.ts'
import { RelatedNode } from '../../assembly/abi/relations.ts'
import type { AttributeValue } from '../policy/document.ts'
import type {
  AttributePath,
  BinaryOperator,
  Comparison,
  OperandModel,
  Pattern,
  RelatedTest,
  SemverOperator,
  TermModel,
  TermPart,
  TrustModel,
} from '../policy/model.ts'
import { NEITHER, type NodeWriter } from './node-writer.ts'
import type { ProgramTable } from './programs.ts'
import type { RelationSections } from './relations.ts'
import type { ScheduleTable } from './schedules.ts'
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

/** What comparisons refer to. */
export interface ComparisonTables {
  readonly strings: StringTable
  readonly programs: ProgramTable
  readonly slots: SlotTable
  readonly schedules: ScheduleTable
  readonly trust: TrustModel | undefined
  /** The relation model, when there is one. */
  readonly relations?: Pick<RelationSections, 'names' | 'requestSlots'>
}

/** A test of attributes that has no condition inside. */
export type Leaf = Exclude<Comparison, { kind: 'items' | 'equal' | 'expression' }>

export class ComparisonWriter {
  readonly #nodes: NodeWriter
  readonly #relations: ComparisonTables['relations']
  readonly #strings: StringTable
  readonly #programs: ProgramTable
  readonly #slots: SlotTable
  readonly #schedules: ScheduleTable
  readonly #trust: TrustModel | undefined

  constructor(nodes: NodeWriter, { strings, programs, slots, schedules, trust, relations }: ComparisonTables) {
    this.#nodes = nodes
    this.#relations = relations
    this.#strings = strings
    this.#programs = programs
    this.#slots = slots
    this.#schedules = schedules
    this.#trust = trust
  }

  get #words(): Words {
    return this.#nodes.words
  }

  /** A node that holds when the subject has one of the roles. */
  hasRole(roles: readonly number[]): void {
    const start = this.#nodes.begin()
    for (const role of roles) this.#words.push(role)
    this.#nodes.end(start, Op.HasRole)
  }

  /** A node that holds when one of the patterns covers the attribute. */
  matches(path: AttributePath, patterns: readonly Pattern[]): void {
    const start = patterns.length === 1 ? undefined : this.#nodes.begin()
    for (const pattern of patterns) this.#pattern(path, pattern)
    if (start !== undefined) this.#nodes.end(start, Op.Any)
  }

  /** Writes the node of one test. */
  write(test: Leaf): void {
    switch (test.kind) {
      case 'test':
        this.#binary(test.path, test.op, test.operand)
        break
      case 'glob':
        this.matches(test.path, test.patterns)
        break
      case 'time':
      case 'age':
      case 'during':
        this.#time(test)
        break
      case 'related':
        this.#related(test)
        break
      case 'trust': {
        const { op, words, slots } = trustNode(test, this.#trust, this.#slots)
        for (const slot of slots) this.#nodes.reads(slot)
        const start = this.#nodes.begin()
        for (const word of words) this.#words.push(word)
        this.#nodes.end(start, op)
        break
      }
      case 'exists':
      case 'regex':
      case 'cidr':
      case 'semver':
        this.#ofText(test)
        break
      default:
        unwritten(test)
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
        this.#words.pushAddress(Section.RegexPrograms, offset)
        return Op.Regex
      }
      case 'cidr':
        this.#words.pushAddress(Section.Cidrs, this.#programs.cidrsOffset(test.ranges))
        this.#words.push(test.ranges.length)
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
      this.#words.push(this.#strings.intern(value))
      this.#nodes.end(start, Op.EqString)
    } else if (op === 'in' && isListOfStrings(value)) {
      this.#nodes.pushAttribute(path, NEITHER)
      for (let i = 0; i < value.length; i++) this.#words.push(this.#strings.intern(value[i] as string))
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
    else this.#words.pushNumber(Number(value))
    return ordering ?? BINARY[op]
  }

  #time(test: TimeComparison): void {
    const { op, write } = timeNode(test, this.#schedules)
    if (test.kind === 'age') this.#nodes.reads(Slot.Now)
    const start = this.#nodes.begin()
    write({
      words: this.#words,
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
    this.#words.pushAddress(Section.GlobPrograms, this.#programs.globOffset(glob))
    this.#nodes.end(start, Op.Glob)
  }

  #related({ subject, subjectRelation, relation, object }: RelatedTest): void {
    const names = this.#relations?.names
    if (names === undefined) throw new RangeError('a test of a relation without a model')
    for (const slot of this.#relations?.requestSlots ?? []) this.#nodes.reads(slot)
    const start = this.#nodes.begin()
    this.#words.push(0)
    this.#words.push(names.relationNumber(relation) ?? 0)
    this.#words.push(subjectRelation === undefined ? 0 : (names.relationNumber(subjectRelation) ?? 0))
    this.#pushTerm(subject)
    this.#pushTerm(object)
    if (this.#words.length - start !== RelatedNode.Words) throw new RangeError('a node of another size')
    this.#nodes.end(start, Op.Related)
  }

  #pushTerm({ type, id }: TermModel): void {
    if (type === undefined) this.#words.push(Id.NoKey)
    else this.#pushPart(type)
    this.#pushPart(id)
  }

  #pushPart(part: TermPart): void {
    if (part.kind === 'path') this.#nodes.pushAttribute(part.path, LOOKS)
    else this.#words.push((this.#strings.intern(part.value) << 4) | Operand.Text)
  }
}

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

/** A rule whose test has no node would apply without it. */
function unwritten(test: never): never {
  throw new RangeError(`no node is written for ${JSON.stringify(test)}`)
}
