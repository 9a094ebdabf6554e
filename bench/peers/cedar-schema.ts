/** The schema of the requests that Cedar is asked, in Cedar's JSON: types, actions, and attributes that may be missing. */
import type * as CedarTypes from '@cedar-policy/cedar-wasm/nodejs'

type Input = CedarTypes.StatefulAuthorizationCall
type Schema = CedarTypes.SchemaJson<string>
type SchemaType = CedarTypes.TypeOfAttribute<string>

/** @throws Error when an attribute has values of two types, which no schema can say */
export function cedarSchema(inputs: readonly Input[]): Schema {
  const entities = new Map<string, Attributes>()
  const context: Attributes = new Map()
  const principals = new Set<string>()
  const resources = new Set<string>()
  const actions = new Set<string>()
  for (const input of inputs) {
    principals.add(uid(input.principal).type)
    resources.add(uid(input.resource).type)
    actions.add(uid(input.action).id)
    learn(context, input.context)
    for (const { uid: of, attrs } of input.entities) {
      const { type } = uid(of)
      const known = entities.get(type) ?? new Map()
      learn(known, attrs)
      entities.set(type, known)
    }
  }
  const appliesTo = {
    principalTypes: [...principals],
    resourceTypes: [...resources],
    context: { type: 'Record' as const, attributes: Object.fromEntries(context) },
  }
  const described = [...entities].map(([type, attributes]) => [
    type,
    { memberOfTypes: ['Role'], shape: { type: 'Record', attributes: Object.fromEntries(attributes) } },
  ])
  return {
    '': {
      entityTypes: { ...Object.fromEntries(described), Role: {} },
      actions: Object.fromEntries([...actions].map((action) => [action, { appliesTo }])),
    },
  }
}

type Attributes = Map<string, SchemaType>

function uid(given: CedarTypes.EntityUidJson): { readonly type: string; readonly id: string } {
  return '__entity' in given ? given.__entity : given
}

function learn(known: Attributes, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    const type = { ...typeOf(value), required: false }
    const before = known.get(name)
    if (before !== undefined && before.type !== type.type) throw new Error(`${name} is ${before.type} and ${type.type}`)
    known.set(name, type)
  }
}

function typeOf(value: unknown): SchemaType {
  if (typeof value === 'string') return { type: 'String' }
  if (typeof value === 'number') return { type: 'Long' }
  if (typeof value === 'boolean') return { type: 'Boolean' }
  if (Array.isArray(value)) return { type: 'Set', element: typeOf(value[0] ?? '') }
  throw new Error(`a schema for ${JSON.stringify(value)} is not written here`)
}
