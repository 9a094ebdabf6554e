/** Reading condition nodes and values back from the core's memory, so that an explanation says what a policy says. */
import { CelTag } from '../../assembly/abi/cel.ts'
import { Op, Operand } from '../../assembly/abi/condition.ts'
import { Id, Tag } from '../../assembly/abi/frame.ts'
import { Section } from '../../assembly/abi/image.ts'
import { Layout } from '../../assembly/abi/memory.ts'
import { RelatedNode } from '../../assembly/abi/relations.ts'
import { TrustNode } from '../../assembly/abi/trust.ts'
import type { SlotSpec } from '../compiler/slots.ts'
import type { AttributeValue } from '../policy/document.ts'
import type { Core } from './core.ts'
import { operatorOf, quantifierOf } from './disassemble-operators.ts'
import { itemPath, slotPath } from './disassemble-paths.ts'
import { cidrTexts, globText } from './disassemble-patterns.ts'
import { timeOperand } from './disassemble-time.ts'
import { slotsRead } from './explain-expression.ts'
import type { ImageReader } from './image-reader.ts'
import { addressOf, expressionSource, regexSource } from './image-sources.ts'
import { isName } from './rule-records.ts'
import { SECRET, Secrets } from './secrets.ts'
import { type TrustCells, trustText } from './trust-text.ts'

/** What a test of a relation reads: no slot that could be shown. */
export const NO_SLOT = -1

/** In place of a map whose entries no test reads: they are not in its cell. */
export const MAP = '(map)'

/** A test as read back. `node` is its address, `slot` what it reads; undefined for tests of roles, NO_SLOT for those of relations. */
export interface ReadTest {
  readonly node: number
  readonly path: string
  readonly operator: string
  readonly expected: AttributeValue
  readonly slot: number | undefined
  /** What a reference reads, where it is an attribute of the request. */
  readonly otherSlot?: number
  /** Where the scores are that a test of trust reads. */
  readonly trust?: TrustCells
  /** The node stands under a `not`: the operator is already the negative one, the outcome is still the node's. */
  readonly negated: boolean
  /** A secret attribute is read on either side: neither value may be shown. */
  readonly secret: boolean
  /** What the policy says that it counts as when it cannot be evaluated; like the operator, the negative under a `not`. */
  readonly otherwise: boolean | undefined
  /** Address of the expression, for a test that is one. */
  readonly expression?: number
}

/** What is read of the node alone. */
type OwnTest = Omit<ReadTest, 'secret' | 'otherwise'>

const TIME_CONSTANTS: ReadonlySet<number> = new Set([Op.During, Op.Before, Op.After, Op.Within, Op.OlderThan])

export class Disassembler {
  readonly #core: Core
  readonly #image: ImageReader
  readonly secrets: Secrets
  /** A secret attribute has been met in the test that is being read. */
  #met = false

  constructor(core: Core, image: ImageReader) {
    this.#core = core
    this.#image = image
    this.secrets = new Secrets(image.metadata.secrets)
  }

  /** The word at an address. */
  word(address: number): number {
    return this.#core.i32[address >>> 2] ?? 0
  }

  /** What a node does; All for all that do as that does. */
  operation(node: number): Op {
    const op = this.word(node) & 0xff
    return op === Op.AllShared ? Op.All : op
  }

  /** Every test below a node, in order. */
  tests(node: number, negated = false, otherwise?: boolean): ReadTest[] {
    const op = this.operation(node)
    if (op === Op.Not) return this.tests(node + 4, !negated, otherwise)
    if (op === Op.Otherwise) return this.tests(node + 8, negated, (this.word(node + 4) === 1) !== negated)
    if (op === Op.All || op === Op.Any) {
      return this.children(node).flatMap((child) => this.tests(child, negated, otherwise))
    }
    return [this.test(node, negated, otherwise)]
  }

  /** The test at a node. */
  test(node: number, negated: boolean, otherwise?: boolean): ReadTest {
    this.#met = false
    const test = this.#test(node, this.word(node) & 0xff, negated, undefined)
    return { ...test, secret: this.#met, otherwise }
  }

  /** The nodes right below one of `all` or `any`. */
  children(node: number): number[] {
    const end = node + this.#words(node) * 4
    const children: number[] = []
    const isShared = (this.word(node) & 0xff) === Op.AllShared
    for (let at = node + 4; at < end; at += isShared ? 4 : this.#words(at) * 4) {
      children.push(isShared ? this.word(at) : at)
    }
    // Those are in the order in which they are made. Attributes are numbered as the policies first name them.
    if (isShared) children.sort((one, other) => this.word(one + 4) - this.word(other + 4))
    return children
  }

  #words(node: number): number {
    return this.word(node) >>> 8
  }

  #test(node: number, op: number, negated: boolean, list: SlotSpec | undefined): OwnTest {
    if (op === Op.HasRole) {
      const roles = this.#strings(node + 4, node + this.#words(node) * 4)
      const expected = this.#meets('subject', ['roles']) ? SECRET : roles
      const operator = operatorOf(op, negated)
      return { node, path: 'subject.roles', operator, expected, slot: undefined, negated }
    }
    if (op === Op.Trust) return this.#trust(node, negated)
    if (op === Op.Related) {
      const expected = this.#related(node, list)
      return { node, path: expected.subject, operator: negated ? 'has not' : 'has', expected, slot: NO_SLOT, negated }
    }
    if (op === Op.Expression) {
      const expression = this.word(node + 4)
      const expected = this.#readsSecret(expression) ? SECRET : expressionSource(this.#image, expression)
      return { node, path: '', operator: negated ? 'not cel' : 'cel', expected, slot: NO_SLOT, negated, expression }
    }
    const a = this.word(node + 4)
    const path = this.#path(a, list)
    const slot = (a & 15) === Operand.Frame ? (a & ~15) / Layout.CellSize : undefined
    if (op === Op.Items) {
      const spec = slot === undefined ? undefined : this.#image.metadata.slots[slot]
      return {
        node,
        path,
        operator: quantifierOf(this.word(node + 8), negated),
        expected: this.#isSecret(a, spec) ? SECRET : this.#source(node + 12, spec),
        slot,
        negated,
      }
    }
    const operator = operatorOf(op, negated)
    const other = this.#reference(node, op)
    return {
      node,
      path,
      operator: this.#isFolded(a, list) ? `${operator}, ignoring case` : operator,
      expected: this.#expected(node, op, negated, list),
      slot,
      ...(other !== undefined && { otherSlot: other }),
      negated,
    }
  }

  /** The slot of a second operand that is an attribute. */
  #reference(node: number, op: number): number | undefined {
    const b = this.word(node + 8)
    const isReference = op >= Op.Eq && op <= Op.EndsWith && (b & 15) === Operand.Frame
    return isReference ? (b & ~15) / Layout.CellSize : undefined
  }

  #isFolded(operand: number, list: SlotSpec | undefined): boolean {
    const index = (operand & ~15) / Layout.CellSize
    const spec = (operand & 15) === Operand.Item ? list?.items?.[index] : this.#image.metadata.slots[index]
    return spec?.fold === true
  }

  #trust(node: number, negated: boolean): OwnTest {
    const field = (index: TrustNode): number => this.word(node + index * 4)
    const read = this.#specOf(field(TrustNode.Score), undefined)
    if (read !== undefined) this.#meets(read.root, read.keys)
    const cell = (index: TrustNode): number | undefined =>
      field(index) === 0 ? undefined : this.#core.frame * 4 + (field(index) & ~15)
    const trust: TrustCells = {
      score: cell(TrustNode.Score) ?? 0,
      updated: cell(TrustNode.Updated),
      now: cell(TrustNode.Now),
      delegators: cell(TrustNode.Delegators),
      itemScore: field(TrustNode.ItemScore) & ~15,
      itemUpdated: field(TrustNode.ItemUpdated) & ~15,
      scale: this.number(node + TrustNode.Scale * 4),
    }
    const { path, expected } = trustText(field(TrustNode.Flags), {
      isRoot: this.#image.metadata.slots[(field(TrustNode.Score) & ~15) / Layout.CellSize]?.root === 'chain',
      isAlone: trust.delegators === undefined,
      min: this.number(node + TrustNode.Min * 4),
      max: this.number(node + TrustNode.Max * 4),
    })
    return { node, path, operator: negated ? 'not within' : 'within', expected, slot: undefined, trust, negated }
  }

  #related(node: number, list: SlotSpec | undefined): { subject: string; relation: string; object: string } {
    const names = this.#image.relationNames
    const field = (index: RelatedNode) => this.word(node + index * 4)
    const part = (word: number) =>
      (word & 15) === Operand.Text ? this.#image.stringAt(word >>> 4) : this.#path(word, list)
    const term = (type: number, id: number): string => {
      if (type >>> 0 === Id.NoKey) return part(id)
      const [typeText, idText] = [part(type), part(id)]
      const [root, key] = typeText.split('.')
      return key === 'type' && idText === `${root}.id` ? String(root) : `${typeText}:${idText}`
    }
    const subject = term(field(RelatedNode.SubjectType), field(RelatedNode.SubjectId))
    const userset = field(RelatedNode.SubjectRelation)
    return {
      subject: userset === 0 ? subject : `${subject}#${names?.relations[userset]}`,
      relation: names?.relations[field(RelatedNode.Relation)] ?? '',
      object: term(field(RelatedNode.ObjectType), field(RelatedNode.ObjectId)),
    }
  }

  #expected(node: number, op: number, negated: boolean, list: SlotSpec | undefined): AttributeValue {
    if (op === Op.Exists) return !negated
    if (this.#isSecret(this.word(node + 4), list)) return SECRET
    const b = this.word(node + 8)
    if (op === Op.EqString) return this.#image.stringAt(b)
    if (op === Op.InStrings) return this.#strings(node + 8, node + this.#words(node) * 4)
    if (op >= Op.GtNumber && op <= Op.LteNumber) return this.number(node + 8)
    if (op === Op.Glob) return globText(this.#core, b)
    // Programs do not hold their source; the metadata does.
    if (op === Op.Regex) return regexSource(this.#image, b)
    if (op === Op.Cidr) return cidrTexts(this.#core, b, this.word(node + 12))
    if (TIME_CONSTANTS.has(op)) return timeOperand(node, op, this.#image, this)
    if (b === Operand.Inline) return this.cell(node + 12)
    this.#met ||= this.#isSecret(b, list)
    return { ref: this.#path(b, list) }
  }

  /** What a key of the rule index stands for: a name, or a pattern. */
  key(key: number): string {
    if (isName(key)) return this.#image.stringAt(key)
    // Eight words before the list: start and count of each dimension's globs. The core only compares keys: in an image that
    // no compiler made, one may lead past the list.
    const index = (key & ~Id.GlobKey) >>> 0
    const section = this.#image.section(Section.GlobKeys)
    if (index >= section.length / 4 - 8) return ''
    return globText(this.#core, this.word(addressOf(this.#image, Section.GlobKeys) + 32 + index * 4))
  }

  /** String ids from one address to another, as strings. */
  #strings(from: number, to: number): string[] {
    return Array.from({ length: (to - from) / 4 }, (_, i) => this.#image.stringAt(this.word(from + i * 4)))
  }

  /** A condition as a document would write it; used inside quantifiers. */
  #source(node: number, list: SlotSpec | undefined): AttributeValue {
    const op = this.word(node) & 0xff
    if (op === Op.Not) return { not: this.#source(node + 4, list) }
    if (op === Op.Otherwise) return { otherwise: this.word(node + 4) === 1, of: this.#source(node + 8, list) }
    if (op === Op.All || op === Op.Any) {
      return { [op === Op.All ? 'all' : 'any']: this.children(node).map((child) => this.#source(child, list)) }
    }
    const { path, operator, expected } = this.#test(node, op, false, list)
    return op === Op.During ? { during: expected } : { [path]: { [operator]: expected } }
  }

  /** Whether an operand is secret, or something in it is: what it is compared with whole might tell it. */
  #isSecret(operand: number, list: SlotSpec | undefined): boolean {
    const spec = this.#specOf(operand, list)
    if (spec === undefined) return false
    return this.#meets(spec.root, spec.keys) || this.secrets.isAbove(spec.root, spec.keys)
  }

  /** Whether an expression reads a secret, or something around one: any constant in it may be what that is compared with. */
  #readsSecret(expression: number): boolean {
    const specs = slotsRead(this.#core, this.#image, expression).map((slot) => this.#image.metadata.slots[slot])
    const reads = specs.some(
      (spec) =>
        spec !== undefined && (this.secrets.covers(spec.root, spec.keys) || this.secrets.isAbove(spec.root, spec.keys)),
    )
    this.#met ||= reads
    return reads
  }

  /** The slot of an attribute; for an item, that of its list. */
  #specOf(operand: number, list: SlotSpec | undefined): SlotSpec | undefined {
    return (operand & 15) === Operand.Item ? list : this.#image.metadata.slots[(operand & ~15) / Layout.CellSize]
  }

  #meets(root: string, keys: SlotSpec['keys']): boolean {
    const secret = this.secrets.covers(root, keys)
    this.#met ||= secret
    return secret
  }

  #path(operand: number, list: SlotSpec | undefined): string {
    const index = (operand & ~15) / Layout.CellSize
    // What is compared with a secret tells it when the two are equal.
    const read = this.#specOf(operand, list)
    if (read !== undefined) this.#meets(read.root, read.keys)
    if ((operand & 15) === Operand.Item) return itemPath(list, list?.items?.[index])
    return read === undefined ? '' : slotPath(read)
  }

  /** The value in a cell: a constant, or one in the frame whose strings are all of the image. */
  cell(address: number): AttributeValue {
    const aux = this.word(address + 4)
    switch (this.word(address)) {
      case Tag.Boolean:
        return aux === 1
      case Tag.Number:
        return this.number(address + 8)
      case Tag.String:
        return this.#image.stringAt(aux)
      case Tag.List: {
        const first = this.word(address + 8)
        const stride = this.word(address + 12)
        return Array.from({ length: aux }, (_, i) => this.cell(first + i * stride))
      }
      case CelTag.Map: {
        const first = this.word(address + 8)
        const entry = (at: number) => [String(this.cell(at)), this.cell(at + Layout.CellSize)] as const
        return Object.fromEntries(Array.from({ length: aux }, (_, i) => entry(first + i * 2 * Layout.CellSize)))
      }
      case Tag.Map:
        return MAP
      default:
        return null
    }
  }

  /** The double at an address. Constants in code are aligned to words only. */
  number(address: number): number {
    return new DataView(this.#core.i32.buffer).getFloat64(address, true)
  }
}
