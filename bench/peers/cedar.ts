/** Cedar: its WebAssembly build for Node, policies parsed once (`preparsePolicySet`, `statefulIsAuthorized`). */
import type * as CedarTypes from '@cedar-policy/cedar-wasm/nodejs'
import type { AccessRequest } from '../../src/engine/types.ts'
import { cedarPolicies, cedarValue, typeName } from './cedar-policies.ts'
import { booleanAnswers, type Peer, type PreparedPeer, timePreparation } from './peer.ts'
import { rolesOf } from './plain-reading.ts'
import { plainRules } from './plain-rules.ts'

type Cedar = typeof CedarTypes
type Input = CedarTypes.StatefulAuthorizationCall

const policySet = 'bench'

export const cedar: Peer = {
  name: 'cedar-wasm',
  description:
    '@cedar-policy/cedar-wasm: policies parsed once, statefulIsAuthorized; says yes or no, and which policies',
  takes: (name, { rules }) => ['roles', 'rbac-abac', 'tool-calls', 'chains'].includes(name) && rules <= 10_000,
  async prepare({ document, requests, name }): Promise<PreparedPeer<Input, boolean>> {
    const cedar: Cedar = await import('@cedar-policy/cedar-wasm/nodejs')
    const policies = cedarPolicies(plainRules(document))
    const input = toInput
    const first = input(requests[0]!)
    const { preparation } = await timePreparation(
      () => preparse(cedar, policies),
      () => isAuthorized(cedar, first),
    )
    if (name === 'chains') throw new Error('not yet')
    return { input, decide: (call) => isAuthorized(cedar, call), ...booleanAnswers, preparation }
  },
}

function preparse(cedar: Cedar, policies: Readonly<Record<string, string>>): void {
  const answer = cedar.preparsePolicySet(policySet, { staticPolicies: { ...policies } })
  if (answer.type !== 'success') throw new Error(`Cedar refused the policies: ${answer.errors[0]?.message}`)
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
  return {
    principal,
    action: { type: 'Action', id: action.name },
    resource: object,
    context: cedarRecord({ ...context }),
    preparsedPolicySetId: policySet,
    entities: [
      { uid: principal, attrs: cedarRecord({ ...subject.properties, id: subject.id }), parents: roles },
      { uid: object, attrs: cedarRecord({ ...resource.properties, id: resource.id }), parents: [] },
    ],
  }
}

function cedarRecord(values: Readonly<Record<string, unknown>>): Record<string, CedarTypes.CedarValueJson> {
  return cedarValue(values) as Record<string, CedarTypes.CedarValueJson>
}
