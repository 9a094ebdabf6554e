/** OpenFGA's modelling language, schema 1.1, through its JSON form (openfga.dev, "Configuration language"). */
import type { RewriteModel, SubjectType } from '../../tuple/relation-model.ts'
import type { Position } from '../node.ts'
import type { Report } from '../report.ts'
import { checkName } from './name.ts'
import { foreignCondition, type ParsedCondition, typeOf } from './named-condition.ts'
import { loadedReader } from './openfga-reader.ts'
import type { ParsedRelation, ParsedRelations, ParsedType } from './parse.ts'

interface Model {
  readonly type_definitions?: readonly TypeDefinition[]
  readonly conditions?: Readonly<Record<string, ConditionDefinition>>
}

interface ConditionDefinition {
  readonly expression: string
  readonly parameters?: Readonly<Record<string, ParameterTypeDefinition>>
}

interface ParameterTypeDefinition {
  readonly type_name: string
  readonly generic_types?: readonly ParameterTypeDefinition[]
}

interface TypeDefinition {
  readonly type: string
  readonly relations?: Readonly<Record<string, Userset>>
  readonly metadata?: {
    readonly relations?: Readonly<Record<string, { readonly directly_related_user_types?: readonly RelatedType[] }>>
  } | null
}

interface RelatedType {
  readonly type: string
  readonly relation?: string
  readonly wildcard?: object
  readonly condition?: string
}

interface Userset {
  readonly this?: object
  readonly computedUserset?: { readonly relation: string }
  readonly tupleToUserset?: {
    readonly tupleset: { readonly relation: string }
    readonly computedUserset: { readonly relation: string }
  }
  readonly union?: { readonly child: readonly Userset[] }
  readonly intersection?: { readonly child: readonly Userset[] }
  readonly difference?: { readonly base: Userset; readonly subtract: Userset }
}

/** Reads a model; all that is in it counts as standing where the text begins. */
export function readOpenFga(text: string, at: Position, report: Report): ParsedRelations {
  const reader = loadedReader()
  if (reader === undefined) {
    const advice = 'call and await prepareReading(policies) before parsePolicies'
    report.error('E_RELATION', at, 'the reader of OpenFGA models is not loaded', advice)
    return { types: [], conditions: [] }
  }
  let model: unknown
  try {
    model = reader(text)
  } catch (error) {
    for (const found of mistakes(error)) report.error('E_RELATION', at, found, 'see openfga.dev for its language')
    return { types: [], conditions: [] }
  }
  return readOpenFgaJson(model, at, report)
}

/** Reads the JSON form of a model. */
export function readOpenFgaJson(model: unknown, at: Position, report: Report): ParsedRelations {
  try {
    const { type_definitions: types, conditions } = model as Model
    if (!Array.isArray(types)) throw new TypeError('it has no type_definitions')
    const read = (types as readonly TypeDefinition[]).map((type) => readType(type, at))
    for (const type of read) {
      checkName(type.name, 'type', at, report)
      for (const relation of type.relations) checkName(relation.name, 'relation', at, report)
    }
    return {
      types: read,
      conditions: Object.entries(conditions ?? {}).map(([name, one]) => readCondition(name, one, at, report)),
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    report.error(
      'E_RELATION',
      at,
      `this is not OpenFGA's JSON form of a model: ${error.message}`,
      'write its text, or types of your own',
    )
    return { types: [], conditions: [] }
  }
}

/** What the parser found, with lines counted from the start of the model's text. */
function mistakes(error: unknown): string[] {
  const errors = error instanceof Error && 'errors' in error && Array.isArray(error.errors) ? error.errors : []
  const found = (errors as readonly { readonly msg?: unknown; readonly line?: { readonly start?: unknown } }[]).flatMap(
    ({ msg, line }) => {
      if (typeof msg !== 'string') return []
      return [`in the OpenFGA model, line ${typeof line?.start === 'number' ? line.start + 1 : '?'}: ${msg}`]
    },
  )
  return found.length > 0
    ? found
    : [`the OpenFGA model cannot be read: ${error instanceof Error ? error.message : String(error)}`]
}

/** OpenFGA refuses to decide when a parameter is not there, whether or not its value would matter. */
function readCondition(name: string, one: ConditionDefinition, at: Position, report: Report): ParsedCondition {
  checkName(name, 'condition', at, report)
  if (typeof one.expression !== 'string') throw new TypeError(`the condition ${name} has no expression`)
  const parameters = Object.entries(one.parameters ?? {}).flatMap(([key, definition]) => {
    const type = typeOf(key, typeText(definition), at, report)
    return type === undefined ? [] : [{ name: key, type }]
  })
  return foreignCondition(name, at, { parameters, text: one.expression, allNeeded: true }, report)
}

/** `TYPE_NAME_LIST` of `TYPE_NAME_STRING` as `list<string>`. */
function typeText({ type_name: name, generic_types: of = [] }: ParameterTypeDefinition): string {
  const plain = name.replace(/^TYPE_NAME_/, '').toLowerCase()
  return of.length === 0 ? plain : `${plain}<${of.map(typeText).join(', ')}>`
}

function readType({ type, relations = {}, metadata }: TypeDefinition, at: Position): ParsedType {
  const read = Object.entries(relations).map(([name, userset]): ParsedRelation => {
    const subjects = (metadata?.relations?.[name]?.directly_related_user_types ?? []).map(subjectType)
    return { name, at, by: rewrite(userset, subjects) }
  })
  return { name: type, at, relations: read }
}

function subjectType({ type, relation, wildcard, condition }: RelatedType): SubjectType {
  return {
    type,
    ...(relation && { relation }),
    ...(wildcard !== undefined && { wildcard: true as const }),
    ...(condition && { condition }),
  }
}

/** OpenFGA keeps the types of subjects beside the rewrite: there is one place for tuples in each. */
function rewrite(userset: Userset, subjects: readonly SubjectType[]): RewriteModel {
  const { computedUserset, tupleToUserset, union, intersection, difference } = userset
  if (computedUserset) return { kind: 'computed', relation: computedUserset.relation }
  if (tupleToUserset) {
    return { kind: 'arrow', from: tupleToUserset.tupleset.relation, relation: tupleToUserset.computedUserset.relation }
  }
  if (union) return { kind: 'union', of: union.child.map((child) => rewrite(child, subjects)) }
  if (intersection) return { kind: 'intersection', of: intersection.child.map((child) => rewrite(child, subjects)) }
  if (difference) {
    return {
      kind: 'exclusion',
      base: rewrite(difference.base, subjects),
      except: rewrite(difference.subtract, subjects),
    }
  }
  if (userset.this === undefined) throw new TypeError('a relation is come by in a way that is not known')
  return { kind: 'direct', subjects }
}
