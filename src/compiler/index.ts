/**
 * The compiler: a policy model to an image. The same model always gives the same bytes: everything is numbered in the
 * order of the document. docs/image.md describes the image, assembly/abi/ defines it.
 */
import { Combine } from '../../assembly/abi/decision.ts'
import { Section } from '../../assembly/abi/image.ts'
import { Layout, Limit } from '../../assembly/abi/memory.ts'
import { PolicyError } from '../policy/diagnostic.ts'
import type { CombiningAlgorithm, Effect } from '../policy/document.ts'
import type { PolicyModel, RuleModel } from '../policy/model.ts'
import { CellTable } from './cells.ts'
import { CodeWriter } from './code.ts'
import { encodeEntities } from './entities.ts'
import { ExpressionTable } from './expressions.ts'
import { assembleImage } from './image.ts'
import { describe, describeRule } from './metadata.ts'
import { encodePaths } from './paths.ts'
import { ProgramTable } from './programs.ts'
import { EFFECTS, ranksOf, strength } from './ranks.ts'
import type { Bounds } from './regex/dfa.ts'
import { encodeRelations } from './relations.ts'
import { encodeReplies } from './replies.ts'
import { encodeRoles } from './roles.ts'
import { encodeRoutes } from './routes.ts'
import { RuleIndex, type RuleRecords } from './rule-index.ts'
import { RulePlacer } from './rule-placer.ts'
import { ScheduleTable } from './schedules.ts'
import { encodeSeparations } from './separation.ts'
import { SharedComparisons } from './shared-comparisons.ts'
import { SlotTable } from './slots.ts'
import { StringTable } from './strings.ts'
import { GlobKeyTable } from './targets.ts'
import { TextList } from './text-list.ts'
import { Words } from './words.ts'

export interface CompileOptions {
  /** When a regular expression stays an NFA, if not as usual: for tests of both forms. */
  readonly regexBounds?: Bounds
}

/**
 * Compiles a policy model to an image, ready for `createEngine({ image })`.
 *
 * @throws PolicyError `E_LIMIT` when the conditions read more attribute paths than a frame has room for.
 * @example const image = compileModel(loadModel({ name: 'p.yaml', text }))
 */
export function compileModel(model: PolicyModel, { regexBounds }: CompileOptions = {}): Uint8Array<ArrayBuffer> {
  const strings = new StringTable()
  for (const role of model.roles.keys()) strings.intern(role)
  const cells = new CellTable(strings)
  const programs = new ProgramTable(regexBounds)
  const slots = new SlotTable()
  const schedules = new ScheduleTable(model.calendars)
  const expressions = new ExpressionTable(strings, programs, slots, schedules)
  const tables = { strings, programs, slots, schedules, trust: model.trust, expressions }
  const relations = encodeRelations(model, tables)
  const rules = model.sets.flatMap((set) => set.rules)
  const comparisons = new SharedComparisons()
  const code = new CodeWriter({ ...tables, section: Section.Conditions, relations, comparisons })
  const globKeys = numberGlobs(model, programs)

  const index = new RuleIndex(rules.length)
  const rests = placeRules(rules, new RulePlacer(strings, globKeys, code, index))
  const codes = rules.map(({ condition }, number) => code.rule(condition, rests.get(number)))
  const { blocks, candidates, groups, signatures, needs, blockLines } = index.encode(
    { ...recordsOf(model), codes },
    comparisons,
    code.words,
  )
  const routes = encodeRoutes(model, strings, globKeys)
  for (const [dimension, slot] of GLOB_SLOTS) {
    if (globKeys.hasGlobs(dimension)) slots.use(slot, { text: true, identity: false })
  }
  const { buckets: entityBuckets, attributes } = encodeEntities(model, strings, cells, slots)
  if (slots.specs.length > Limit.Slots) throw tooManyPaths(rules)
  // The last to number strings: those that only requests have in their keys come after those of the policies.
  const paths = encodePaths(model, slots.specs, strings)
  const table = strings.encode()
  const texts = encodeRuleTexts(model)

  const sections: (Words | Uint8Array)[] = []
  sections[Section.StringOffsets] = bytesOf(table.offsets)
  sections[Section.StringBytes] = table.bytes
  sections[Section.Cells] = cells.words
  sections[Section.GlobPrograms] = programs.globs
  sections[Section.RegexPrograms] = programs.regexes
  sections[Section.Cidrs] = programs.cidrs
  sections[Section.Comparisons] = comparisons.words
  sections[Section.Conditions] = code.words
  sections[Section.Blocks] = blocks
  sections[Section.Candidates] = candidates
  sections[Section.Groups] = groups
  sections[Section.Signatures] = signatures
  sections[Section.Needs] = needs
  sections[Section.GlobKeys] = globKeys.encode()
  sections[Section.Roles] = encodeRoles(model)
  sections[Section.Sets] = encodeSets(model)
  sections[Section.Routes] = routes
  sections[Section.EntityBuckets] = entityBuckets
  sections[Section.EntityAttributes] = attributes
  sections[Section.Zones] = schedules.zones
  sections[Section.Schedules] = schedules.schedules
  sections[Section.Expressions] = expressions.words
  const metadata = describe(model, {
    slots: slots.specs,
    regexes: programs.regexSources(),
    zones: schedules.zoneNames(),
    schedules: schedules.scheduleSources(),
    expressions: expressions.all().map(({ offset, source, places }) => [offset, source, places]),
  })
  sections[Section.Separations] = encodeSeparations(model)
  sections[Section.Relations] = relations.relations
  sections[Section.Rewrites] = relations.rewrites
  sections[Section.TupleConditions] = relations.conditions
  sections[Section.Tuples] = encodeTuples(model)
  sections[Section.Paths] = paths
  sections[Section.Replies] = encodeReplies(model)
  sections[Section.Metadata] = new TextEncoder().encode(JSON.stringify(metadata))
  sections[Section.RuleTextOffsets] = bytesOf(texts.offsets)
  sections[Section.RuleTexts] = texts.bytes
  return assembleImage({
    slotCount: slots.specs.length,
    ruleCount: rules.length,
    combine: model.combine === 'all' ? Combine.All : Combine.Any,
    blockLines,
    sections,
  })
}

function tooManyPaths(rules: readonly RuleModel[]): PolicyError {
  const most = (Limit.Slots - Layout.FixedSlots).toLocaleString('en')
  const message = `the conditions read more than ${most} different attribute paths; use fewer, or lists with any_matches`
  const place = rules[0]?.place ?? { file: '', line: 0, column: 0, path: '' }
  return new PolicyError([{ severity: 'error', code: 'E_LIMIT', message, place }])
}

/** Pattern dimensions and the slots that their strings come from. */
const GLOB_SLOTS = [
  [0, 0],
  [1, 1],
  [2, 2],
  [3, 4],
] as const

function numberGlobs(model: PolicyModel, programs: ProgramTable): GlobKeyTable {
  const globKeys = new GlobKeyTable(programs)
  for (const set of model.sets) {
    for (let i = 0; i < set.rules.length; i++) {
      const { actions, resourceTypes, resourceIds, subjectIds } = set.rules[i]!
      if (actions.length > 0) globKeys.add(0, actions)
      if (resourceTypes.length > 0) globKeys.add(1, resourceTypes)
      if (resourceIds.length > 0) globKeys.add(2, resourceIds)
      if (subjectIds.length > 0) globKeys.add(3, subjectIds)
    }
  }
  for (const route of model.routes) globKeys.add(0, route.actions)
  return globKeys
}

/** What is left of the targets of the few rules whose keys do not cover them; see RulePlacer. */
type Rests = ReadonlyMap<number, readonly (() => void)[]>

function placeRules(rules: readonly RuleModel[], placer: RulePlacer): Rests {
  const rests = new Map<number, readonly (() => void)[]>()
  for (let number = 0; number < rules.length; number++) {
    const rest = placer.place(rules[number]!, number)
    if (rest.length > 0) rests.set(number, rest)
  }
  return rests
}

/** What candidates say of the rules beside their conditions. */
function recordsOf(model: PolicyModel): Omit<RuleRecords, 'codes'> {
  const count = model.sets.reduce((sum, set) => sum + set.rules.length, 0)
  const packed = new Uint32Array(count)
  const ranks = new Uint32Array(count)
  let number = 0
  model.sets.forEach((set, s) => {
    const unequal = ranksOf(set)
    if (unequal !== undefined) ranks.set(unequal, number)
    const { allow, deny, review } = packedBy(s, set.algorithm)
    const { rules } = set
    for (let i = 0; i < rules.length; i++) {
      const { effect } = rules[i]!
      packed[number++] = effect === 'allow' ? allow : effect === 'deny' ? deny : review
    }
  })
  return { packed, ranks }
}

/** What candidates say of a rule in this set, by its effect; see Candidate.Packed. */
function packedBy(set: number, algorithm: CombiningAlgorithm): Readonly<Record<Effect, number>> {
  const denies = strength(algorithm, 'deny') << 24
  const pack = (effect: Effect) => set | (EFFECTS[effect] << 8) | (strength(algorithm, effect) << 16) | denies
  return { allow: pack('allow'), deny: pack('deny'), review: pack('review') }
}

function encodeSets(model: PolicyModel): Words {
  const words = new Words()
  for (const set of model.sets) words.push(set.rules.length)
  return words
}

/** For the host, which adds them to the core's area of tuples. */
function encodeTuples({ tuples }: PolicyModel): Uint8Array {
  return tuples.length === 0 ? new Uint8Array(0) : new TextEncoder().encode(JSON.stringify(tuples))
}

function encodeRuleTexts(model: PolicyModel): { offsets: Uint32Array; bytes: Uint8Array } {
  const texts = new TextList()
  for (const set of model.sets) {
    for (let i = 0; i < set.rules.length; i++) texts.push(JSON.stringify(describeRule(set.rules[i]!)))
  }
  return texts.encode()
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
}
