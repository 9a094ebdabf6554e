/** Random relation models, conditions on tuples, tuples, and rules that ask for relations. */
import fc from 'fast-check'
import type {
  ConditionSource,
  ParameterCondition,
  PolicyDocument,
  RelatedSource,
  RewriteSource,
} from '../../src/policy/document.ts'
import { parsePolicies } from '../../src/policy/index.ts'
import { isParameter, parseParameterType } from '../../src/tuple/parameter.ts'
import type { TupleObject } from '../../src/tuple/tuple.ts'
import { isAll, isAny, isCel, isNot } from '../reference/conditions.ts'
import { hasParameters } from '../reference/parameters.ts'
import { condition } from './conditions.ts'
import { list, number, RESOURCE_IDS, SUBJECT_IDS, someOf, word } from './vocabulary.ts'

export const SUBJECTS = ['user', 'agent'] as const
/** Types that have relations; each is before those that may stand above it where there must be no circle. */
export const OBJECTS = ['record', 'file', 'group'] as const
export const RELATIONS = ['member', 'viewer', 'editor', 'owner'] as const
const GROUP_IDS = ['eng', 'ops'] as const
const CONDITIONS = ['first', 'second'] as const

/** The parts of a document that are about relations. */
export type RelationParts = Pick<PolicyDocument, 'relations' | 'relation_depth' | 'conditions'> & {
  readonly tuples: readonly TupleObject[]
}

type Types = Readonly<Record<string, Readonly<Record<string, RewriteSource>>>>

const subjectType = fc.oneof(
  {
    arbitrary: fc.constantFrom('user', 'user', 'agent', 'user:*', 'agent:*', 'user with first', 'user:* with second'),
    weight: 3,
  },
  {
    arbitrary: fc
      .tuple(
        fc.constantFrom(...OBJECTS, 'group'),
        fc.constantFrom(...RELATIONS),
        fc.constantFrom('', '', ' with first', ' with second'),
      )
      .map(([type, relation, suffix]) => `${type}#${relation}${suffix}`),
    weight: 2,
  },
)

const direct = fc.uniqueArray(subjectType, {
  minLength: 1,
  maxLength: 4,
  selector: (one) => one.replace(/ with .*/, ''),
})

/** Relations of one object follow only from earlier ones, so no circle can come up. */
function rewrite(index: number, depth: number): fc.Arbitrary<RewriteSource> {
  const computed = RELATIONS.slice(0, index)
  const leaves: fc.WeightedArbitrary<RewriteSource>[] = [
    { arbitrary: direct, weight: 4 },
    { arbitrary: fc.constantFrom(...RELATIONS).map((relation) => ({ from: 'parent', relation })), weight: 2 },
  ]
  if (computed.length > 0) leaves.push({ arbitrary: fc.constantFrom(...computed), weight: 3 })
  if (depth === 0) return fc.oneof(...leaves)
  const part = rewrite(index, depth - 1)
  const parts = fc.array(part, { minLength: 1, maxLength: 3 })
  return fc.oneof(
    ...leaves,
    { arbitrary: parts.map((any) => ({ any })), weight: 4 },
    { arbitrary: parts.map((all) => ({ all })), weight: 2 },
    { arbitrary: fc.tuple(part, part).map(([base, except]) => ({ base, except })), weight: 3 },
  )
}

const parents = fc.uniqueArray(fc.constantFrom(...OBJECTS), { minLength: 1 })

const relationsOfType = fc
  .tuple(parents, ...RELATIONS.map((_, index) => rewrite(index, index === 0 ? 0 : 2)))
  .map(([parent, ...rewrites]) => ({ parent, ...Object.fromEntries(RELATIONS.map((name, i) => [name, rewrites[i]!])) }))

const types: fc.Arbitrary<Types> = fc
  .tuple(relationsOfType, relationsOfType, relationsOfType)
  .map(([record, file, group]) => ({ user: {}, agent: {}, record, file, group }))

/** Conditions that read the tuple, often beside the request. */
const tupleCondition: fc.Arbitrary<ConditionSource> = fc.oneof(
  // Times may name calendars, which are not these documents' to have; and trust and CEL are not for tuples.
  condition(1).filter((one) => !/"(?:during|trust)"/.test(JSON.stringify(one)) && !hasCel(one)),
  fc.constantFrom<ConditionSource>(
    { 'context.text': { eq: { ref: 'tuple.word' } } },
    { 'tuple.word': { eq: { ref: 'context.text' } } },
    { 'tuple.word': { neq: { ref: 'subject.zone' }, otherwise: true } },
    { 'context.text': { starts_with: { ref: 'tuple.word' } } },
    { 'tuple.list': { contains: { ref: 'context.text' } } },
    { 'subject.zone': { in: { ref: 'tuple.list' } } },
    { 'subject.tags': { contains_any: { ref: 'tuple.list' } } },
    { 'tuple.list': { is_subset: { ref: 'subject.tags' } } },
    { 'resource.tags': { eq: { ref: 'tuple.list' } } },
    { 'tuple.list': { any_matches: { item: { eq: { ref: 'subject.zone' } } } } },
    { 'context.items': { any_matches: { 'item.name': { eq: { ref: 'tuple.word' } } } } },
    { 'tuple.list': { contains: 'eu' } },
    { 'tuple.word': { glob: 'e*' } },
    { 'tuple.level': { gte: 2 } },
    { 'tuple.level': { lt: { ref: 'context.amount' } } },
    { 'tuple.map.zone': 'eu' },
    { 'tuple.word': { exists: true } },
    { 'tuple.word': { eq: { ref: 'context.text' }, ignore_case: true } },
    { 'context.text': { in: { ref: 'tuple.list' }, ignore_case: true } },
    { 'tuple.word': { contains: 'E', ignore_case: true } },
    { during: { until: 1767225600500 } },
    { now: { before: { ref: 'tuple.level' } } },
    'tuple.word == context.text',
    { any: ['tuple.word == tuple.list[0]', 'tuple.level > context.amount'] },
    'subject.zone in tuple.list && tuple.map.zone == "eu"',
    'tuple.list.exists(x, x == context.text) || has(tuple.level)',
    { not: 'tuple.map == {"zone": "eu"} || tuple.list == ["eu", "us"]' },
    'tuple.word.startsWith(context.text) || tuple.list.all(x, x.matches("^[a-e]"))',
  ),
)

/** Types of parameters that values of the vocabulary may be of, or not. */
const tupleConditionWithParameters: fc.Arbitrary<ParameterCondition> = fc.constantFrom(
  { parameters: { level: 'int', amount: 'int' }, cel: 'level < amount || level % 2 == 0' },
  { parameters: { level: 'uint', amount: 'double' }, cel: 'double(level) <= amount' },
  { parameters: { word: 'string', text: 'string' }, cel: 'word == text || word.size() > 3' },
  { parameters: { word: 'any', list: 'list<string>' }, cel: 'word in list' },
  { parameters: { list: 'list<any>', text: 'string' }, cel: 'list.exists(x, x == text)' },
  { parameters: { map: 'map<string>', text: 'string' }, cel: 'map.zone == text || text in map' },
  { parameters: { map: 'map', items: 'list' }, cel: '"zone" in map && items.size() == 2' },
  { parameters: { since: 'timestamp', span: 'duration', at: 'timestamp' }, cel: 'at < since + span' },
  { parameters: { span: 'duration', flag: 'bool' }, cel: 'flag || span > duration("1m")' },
  { parameters: { numbers: 'list<int>', level: 'int' }, cel: 'level in numbers || numbers == [1, 2]' },
  { parameters: { text: 'string' }, cel: 'text == subject.id || text == "eu"' },
)

const context = someOf<unknown>({
  word,
  list,
  level: number,
  map: someOf<unknown>({ zone: word }),
  since: fc.constantFrom('2026-01-01T00:00:00Z', '2025-12-31T23:00:00Z'),
  span: fc.constantFrom('1h', '90s', '2h30m', '5'),
  flag: fc.boolean(),
  numbers: fc.constantFrom<unknown>([1, 2], [3], ['4'], [1.5], []),
})

const namedCondition = fc.oneof(
  { arbitrary: tupleCondition, weight: 3 },
  { arbitrary: tupleConditionWithParameters, weight: 2 },
)

/** Numbers that a model turns into a tuple. */
const draft = fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat(), context)

export const relationParts: fc.Arbitrary<RelationParts> = fc
  .record({
    relations: types,
    depth: fc.oneof(
      { arbitrary: fc.constant(undefined), weight: 3 },
      { arbitrary: fc.constantFrom(2, 3, 4), weight: 1 },
    ),
    conditions: fc.tuple(namedCondition, namedCondition),
    drafts: fc.array(draft, { minLength: 4, maxLength: 32, size: 'max' }),
  })
  .map(({ relations, depth, conditions, drafts }) => {
    const named = Object.fromEntries(CONDITIONS.map((name, i) => [name, conditions[i]!]))
    // How far a check goes round a circle before it is cut off is the engine's own: there are none where it could be.
    const tuples = drafts
      .flatMap((one) => tupleOf(one, relations, depth !== undefined))
      .map((one) => fitted(one, named))
    const unique = [...new Map(tuples.map((one) => [`${one.object} ${one.relation} ${one.subject}`, one])).values()]
    return { relations, ...(depth !== undefined && { relation_depth: depth }), conditions: named, tuples: unique }
  })
  .filter(({ tuples: _, ...document }) =>
    parsePolicies({ version: 1, ...document }).diagnostics.every(({ severity }) => severity !== 'error'),
  )

function hasCel(one: ConditionSource): boolean {
  if (typeof one === 'string' || isCel(one)) return true
  if (isAll(one)) return one.all.some(hasCel)
  if (isAny(one)) return one.any.some(hasCel)
  return isNot(one) && hasCel(one.not)
}

export function idsOf(type: string): readonly string[] {
  if (type === 'group') return GROUP_IDS
  return (SUBJECTS as readonly string[]).includes(type) ? SUBJECT_IDS.slice(0, 2) : RESOURCE_IDS.slice(0, 2)
}

function tupleOf(
  [where, whom, object, subject, context]: readonly [number, number, number, number, unknown],
  types: Types,
  ordered: boolean,
): TupleObject[] {
  const choices = OBJECTS.flatMap((type) =>
    Object.entries(types[type]!).map(([relation, by]) => ({ type, relation, allowed: directIn(by) })),
  )
  const usable = choices.filter(({ allowed }) => allowed.length > 0)
  const choice = usable[where % usable.length]
  const allowed = choice?.allowed[whom % choice.allowed.length]
  if (choice === undefined || allowed === undefined) return []
  const [what = '', name] = allowed.split(' with ')
  const [plain = '', relation] = what.split('#')
  const [type = '', star] = plain.split(':')
  const objectId = pick(idsOf(choice.type), object)
  const id = star ?? pick(idsOf(type), subject)
  if (ordered && rank(type, id) >= 0 && rank(type, id) <= rank(choice.type, objectId)) return []
  return [
    {
      object: `${choice.type}:${objectId}`,
      relation: choice.relation,
      subject: relation === undefined ? `${type}:${id}` : `${type}:${id}#${relation}`,
      ...(name !== undefined && { condition: { name, context: context as Readonly<Record<string, unknown>> } }),
    },
  ]
}

/** The tuple with as much of its context as the parameters of its condition take. */
function fitted(
  tuple: TupleObject,
  conditions: Readonly<Record<string, ConditionSource | ParameterCondition>>,
): TupleObject {
  if (typeof tuple.condition !== 'object') return tuple
  const { name, context = {} } = tuple.condition
  const named = conditions[name]!
  if (!hasParameters(named)) return tuple
  const taken = Object.entries(context).filter(([key, value]) => {
    const type = parseParameterType(named.parameters[key] ?? '')
    return type !== undefined && isParameter(value, type)
  })
  return { ...tuple, condition: { name, context: Object.fromEntries(taken) } }
}

function directIn(by: RewriteSource): readonly string[] {
  if (typeof by === 'string') return []
  if (isDirect(by)) return by
  if ('any' in by) return by.any.flatMap(directIn)
  if ('all' in by) return by.all.flatMap(directIn)
  return 'base' in by ? [...directIn(by.base), ...directIn(by.except)] : []
}

function isDirect(by: RewriteSource): by is readonly string[] {
  return Array.isArray(by)
}

function rank(type: string, id: string): number {
  const index = (OBJECTS as readonly string[]).indexOf(type)
  return index < 0 ? -1 : index * 10 + idsOf(type).indexOf(id)
}

function pick(ids: readonly string[], number: number): string {
  return ids[number % ids.length]!
}

const term = fc.oneof(
  fc.constantFrom('context.text', 'subject.zone', 'resource.meta.zone'),
  fc.constantFrom(
    { type: 'record', id: { ref: 'resource.id' } },
    { type: { ref: 'resource.type' }, id: { ref: 'resource.id' } },
    { type: 'file', id: 'r1' },
    { type: 'group', id: 'eng' },
    { type: { ref: 'context.text' }, id: 'r2' },
  ),
)
const subjectTerm = fc.oneof(
  fc.constantFrom('context.text', 'subject.zone'),
  fc.constantFrom<NonNullable<RelatedSource['subject']>>(
    { type: 'user', id: { ref: 'subject.id' } },
    { type: 'user', id: 'bob' },
    { type: 'group', id: 'eng', relation: 'member' },
    { type: 'group', id: { ref: 'subject.id' }, relation: 'member' },
  ),
)

export const relatedCondition: fc.Arbitrary<ConditionSource> = fc.oneof(
  {
    arbitrary: fc
      .tuple(
        fc.constantFrom(...RELATIONS),
        fc.option(subjectTerm, { nil: undefined, freq: 1 }),
        fc.option(term, { nil: undefined, freq: 1 }),
      )
      .map(([relation, subject, object]) => ({
        related: { relation, ...(subject !== undefined && { subject }), ...(object !== undefined && { object }) },
      })),
    weight: 6,
  },
  {
    arbitrary: fc.constantFrom(...RELATIONS).map((relation) => ({
      'context.items': { any_matches: { related: { relation, object: { type: 'record', id: { ref: 'item' } } } } },
    })),
    weight: 1,
  },
)
