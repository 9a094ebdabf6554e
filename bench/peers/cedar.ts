/** Cedar: its WebAssembly build for Node, policies parsed once (`preparsePolicySet`, `statefulIsAuthorized`). */
import type * as CedarTypes from '@cedar-policy/cedar-wasm/nodejs'
import type { AccessRequest, Delegator } from '../../src/engine/types.ts'
import { cedarPolicies, cedarValue, chainPolicies, typeName } from './cedar-policies.ts'
import { cedarSchema } from './cedar-schema.ts'
import { booleanAnswers, type Peer, type PreparedPeer, timePreparation } from './peer.ts'
import { rolesOf } from './plain-reading.ts'
import { plainRules } from './plain-rules.ts'

type Cedar = typeof CedarTypes
type Input = CedarTypes.StatefulAuthorizationCall

const policySet = 'bench'
const schemaName = 'bench'

/** Whether requests are checked against a schema costs something, and changes no decision of these policies. */
export const cedarWithSchema: Peer = {
  name: 'cedar-schema',
  description: '@cedar-policy/cedar-wasm, with a schema parsed once, too, against which each request is checked',
  takes: (name, { rules }) => ['roles', 'rbac-abac'].includes(name) && rules <= 10_000,
  async prepare({ document, requests }): Promise<PreparedPeer<Input, boolean>> {
    const cedar: Cedar = await import('@cedar-policy/cedar-wasm/nodejs')
    const policies = cedarPolicies(plainRules(document))
    const schema = cedarSchema(requests.map(toInput))
    const input = (request: AccessRequest): Input => ({
      ...toInput(request),
      preparsedSchemaName: schemaName,
      validateRequest: true,
    })
    const first = input(requests[0]!)
    const { preparation } = await timePreparation(
      () => {
        preparse(cedar, policies)
        succeeded(cedar.preparseSchema(schemaName, schema))
      },
      () => isAuthorized(cedar, first),
    )
    return { input, decide: (call) => isAuthorized(cedar, call), ...booleanAnswers, preparation }
  },
}

export const cedar: Peer = {
  name: 'cedar-wasm',
  description:
    '@cedar-policy/cedar-wasm: policies parsed once, statefulIsAuthorized; says yes or no, and which policies',
  takes: (name, { rules }) => ['roles', 'rbac-abac', 'tool-calls', 'chains'].includes(name) && rules <= 10_000,
  async prepare({ document, requests, name }): Promise<PreparedPeer<Input, boolean>> {
    const cedar: Cedar = await import('@cedar-policy/cedar-wasm/nodejs')
    const policies = name === 'chains' ? chainPolicies(document) : cedarPolicies(plainRules(document))
    const first = toInput(requests[0]!)
    const { preparation } = await timePreparation(
      () => preparse(cedar, policies),
      () => isAuthorized(cedar, first),
    )
    return { input: toInput, decide: (call) => isAuthorized(cedar, call), ...booleanAnswers, preparation }
  },
}

function preparse(cedar: Cedar, policies: Readonly<Record<string, string>>): void {
  succeeded(cedar.preparsePolicySet(policySet, { staticPolicies: { ...policies } }))
}

function succeeded(answer: CedarTypes.CheckParseAnswer): void {
  if (answer.type !== 'success') throw new Error(`Cedar refused it: ${answer.errors[0]?.message}`)
}

function isAuthorized(cedar: Cedar, call: Input): boolean {
  const answer = cedar.statefulIsAuthorized(call)
  if (answer.type !== 'success') throw new Error(`Cedar failed: ${answer.errors[0]?.message}`)
  return answer.response.decision === 'allow'
}

function toInput(request: AccessRequest): Input {
  const { subject, action, resource, context } = request
  const principal = { type: typeName(subject.type), id: subject.id }
  const object = { type: typeName(resource.type), id: resource.id }
  const roles = rolesOf(request).map((id) => ({ type: 'Role', id }))
  const delegator = subject.on_behalf_of === undefined ? {} : { on_behalf_of: actorRecord(subject.on_behalf_of) }
  return {
    principal,
    action: { type: 'Action', id: action.name },
    resource: object,
    // Cedar's actions have no patterns; the name is there for `like`.
    context: cedarRecord({ ...context, action: action.name }),
    preparsedPolicySetId: policySet,
    entities: [
      { uid: principal, attrs: cedarRecord({ ...subject.properties, id: subject.id, ...delegator }), parents: roles },
      { uid: object, attrs: cedarRecord({ ...resource.properties, id: resource.id }), parents: [] },
    ],
  }
}

/** A delegator with its own, as records inside one another. */
function actorRecord({ type, id, properties, on_behalf_of: next }: Delegator): Record<string, unknown> {
  return { ...properties, type, id, ...(next === undefined ? {} : { on_behalf_of: actorRecord(next) }) }
}

function cedarRecord(values: Readonly<Record<string, unknown>>): Record<string, CedarTypes.CedarValueJson> {
  return cedarValue(values) as Record<string, CedarTypes.CedarValueJson>
}
