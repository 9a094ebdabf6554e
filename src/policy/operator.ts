/** The operators: what each makes of an attribute and its operand. */
import validSemver from 'semver/functions/valid.js'
import { compareAge, compareTimes } from './age.ts'
import { parseCidr } from './cidr.ts'
import { foldPattern } from './glob.ts'
import type { Operator } from './keys.ts'
import type { Mentions } from './mentions.ts'
import type { AttributePath, BinaryOperator, CidrRange, Condition, SemverOperator } from './model.ts'
import type { Entry, Node, SourceInfo } from './node.ts'
import { type OperandShape, type OperandUse, readOperand, staticType } from './operand.ts'
import type { Items } from './path.ts'
import { readPattern } from './pattern-list.ts'
import { quote, readBoolean, wrongType } from './read.ts'
import { attempt } from './refusal.ts'
import { parseRegex } from './regex.ts'
import type { Report } from './report.ts'
import { roleOperators } from './role-names.ts'

/** What surrounds a test: where mistakes go, and whether paths may start with `item`. */
export interface Scope {
  readonly report: Report
  readonly mentions: Mentions
  readonly inItems: Items
  /** Whether paths may start with `tuple`, as in conditions on tuples, which do not ask for relations in turn. */
  readonly inTuple: boolean
  /** Of the condition. */
  readonly source: SourceInfo
  /** How many conditions are around this one. */
  readonly depth: number
}

/** An operator of a test, and what it stands beside. */
export interface Use extends OperandUse {
  readonly operator: Operator
  readonly entry: Entry
  readonly scope: Scope
}

/** Makes the condition of one operator, or reports what is wrong and gives undefined. */
export type Maker = (use: Use) => Condition | undefined

const binary =
  (op: BinaryOperator, shape: OperandShape): Maker =>
  (use) => {
    const model = readOperand(use, shape)
    if (model === undefined) return undefined
    if (shape === 'list' && model.kind === 'value' && Array.isArray(model.value) && model.value.length === 0) {
      const found = `the list of "${use.operator}" is empty`
      use.scope.report.warning('W_EMPTY', use.operand.at, found, 'list the values that are meant')
    }
    if (op === 'contains' && model.kind === 'value' && Array.isArray(model.value)) {
      const instead = use.operator === 'contains' ? 'contains_any or contains_all' : 'contains_any under "not"'
      const found = `a list is looked for as one item ("${use.operator}")`
      use.scope.report.warning('W_OPERAND', use.operand.at, found, `write ${instead} to look for its items`)
    }
    return { kind: 'test', path: use.path, op, operand: model }
  }

const not =
  (make: Maker): Maker =>
  (use) => {
    const of = make(use)
    return of && { kind: 'not', of }
  }

const exists: Maker = ({ path, operand, scope }) => {
  const wanted = readBoolean(operand, scope.report, 'the operand of "exists"')
  if (wanted === undefined) return undefined
  const test: Condition = { kind: 'exists', path }
  return wanted ? test : { kind: 'not', of: test }
}

const glob: Maker = ({ path, operand, scope }) => {
  const text = constant(operand, 'glob', scope.report)
  if (text === undefined) return undefined
  const patterns = readPattern(text, operand, scope.report)
  return patterns && { kind: 'glob', path, patterns: path.fold ? patterns.map(foldPattern) : patterns }
}

const regex: Maker = ({ operator, path, operand, scope }) => {
  const source = constant(operand, operator, scope.report)
  if (source === undefined) return undefined
  const prefix = `bad regular expression ${quote(source)}: `
  const ast = attempt(scope.report, 'E_REGEX', operand.at, prefix, () => parseRegex(source, path.fold))
  return ast && { kind: 'regex', path, source, ast }
}

const cidr: Maker = ({ path, operand, scope: { report } }) => {
  const nodes = operand.kind === 'list' ? operand.items : [operand]
  if (nodes.length === 0) report.error('E_MISSING', operand.at, 'the list of "ip_in_cidr" is empty', 'name a range')
  const ranges: CidrRange[] = []
  for (const node of nodes) {
    const text = constant(node, 'ip_in_cidr', report)
    const range = text === undefined ? undefined : attempt(report, 'E_CIDR', node.at, '', () => parseCidr(text))
    if (range !== undefined) ranges.push(range)
  }
  return ranges.length === nodes.length && ranges.length > 0 ? { kind: 'cidr', path, ranges } : undefined
}

const semver =
  (op: SemverOperator): Maker =>
  ({ operator, path, operand, scope }) => {
    const version = constant(operand, operator, scope.report)
    if (version === undefined) return undefined
    // semver also takes a leading v or =, and spaces around; SemVer 2.0.0 does not.
    if (!/^[0-9]/.test(version) || /\s/.test(version) || validSemver(version) === null) {
      const guess = validSemver(version, { loose: true })
      const advice = guess === null ? 'write it like 1.4.0 or 2.0.0-rc.1' : `write "${guess}"`
      scope.report.error('E_SEMVER', operand.at, `${quote(version)} is not a SemVer 2.0.0 version`, advice)
      return undefined
    }
    return { kind: 'semver', path, op, version }
  }

/** A constant string; a reference is refused, because these operands are compiled. */
function constant(node: Node, operator: string, report: Report): string | undefined {
  if (node.kind === 'scalar' && typeof node.scalar === 'string') return node.scalar
  if (node.kind === 'broken') return wrongType(node, report, '', '')
  if (node.kind === 'map' && node.entries.has('ref')) {
    report.error('E_OPERAND', node.at, `"${operator}" takes a constant, not a reference`, 'write a string')
    return undefined
  }
  return mustBeString(node, operator, report)
}

function mustBeString(node: Node, operator: string, report: Report): undefined {
  const value =
    node.kind === 'scalar' && node.scalar !== null ? `write ${quote(String(node.scalar))} in quotes` : 'write a string'
  report.error('E_OPERAND', node.at, `"${operator}" needs a constant string`, value)
}

/** Operators over the items of a list. */
type Quantifier = 'any_matches' | 'all_match' | 'none_match'

/** How each operator is made, but for those over items, whose operands are conditions. */
export const operatorMakers: Readonly<Record<Exclude<Operator, Quantifier>, Maker>> = {
  eq: binary('eq', 'value'),
  neq: not(binary('eq', 'value')),
  in: binary('in', 'list'),
  not_in: not(binary('in', 'list')),
  gt: binary('gt', 'ordered'),
  gte: binary('gte', 'ordered'),
  lt: binary('lt', 'ordered'),
  lte: binary('lte', 'ordered'),
  exists,
  contains: binary('contains', 'value'),
  not_contains: not(binary('contains', 'value')),
  contains_any: binary('contains_any', 'list'),
  contains_all: binary('contains_all', 'list'),
  is_subset: binary('is_subset', 'list'),
  starts_with: binary('starts_with', 'string'),
  ends_with: binary('ends_with', 'string'),
  glob,
  regex,
  not_regex: not(regex),
  ip_in_cidr: cidr,
  semver_eq: semver('eq'),
  semver_gt: semver('gt'),
  semver_gte: semver('gte'),
  semver_lt: semver('lt'),
  semver_lte: semver('lte'),
  before: compareTimes('before'),
  after: compareTimes('after'),
  within: compareAge('within'),
  older_than: compareAge('older_than'),
}

const quantifiers: readonly Operator[] = ['any_matches', 'all_match', 'none_match']
const listOperators: readonly Operator[] = ['contains_any', 'contains_all', 'is_subset', ...quantifiers]
const numberOperators: readonly Operator[] = [
  'eq',
  'neq',
  'in',
  'not_in',
  'gt',
  'gte',
  'lt',
  'lte',
  'exists',
  'before',
  'after',
]

/** Whether an operator can ever work on the type that this path always has. */
export function worksOn(operator: Operator, path: AttributePath): boolean {
  const type = staticType(path)
  if (type === undefined) return true
  if (type === 'number') return numberOperators.includes(operator)
  if (type === 'names') return roleOperators.includes(operator)
  if (type === 'list') return quantifiers.includes(operator)
  return type !== 'string' || !listOperators.includes(operator)
}
