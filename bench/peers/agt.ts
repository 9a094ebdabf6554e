/**
 * Microsoft's Agent Governance Toolkit, its TypeScript package: `rich`, policy documents with condition expressions, `flat`, a list of rules
 * of which the first match decides, and `client`, the pipeline around such a list. The expressions know no lists in requests and
 * compare no two attributes; what needs them is worked out before any timing, and put into the context as booleans.
 */
import {
  AgentMeshClient,
  ConflictResolutionStrategy,
  type GovernanceResult,
  type Policy,
  PolicyEngine,
  type PolicyRule,
  PolicyScope,
} from '@microsoft/agent-governance-sdk'
import type { AccessRequest } from '../../src/engine/types.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import { entriesKept } from './audit-chain.ts'
import { booleanAnswers, type ConcurrentPeer, type Peer, type PreparedPeer, timePreparation } from './peer.ts'
import { compileTest, rolesOf, type Test } from './plain-reading.ts'
import { type PlainRule, type PlainTest, plainRules } from './plain-rules.ts'

type Context = Readonly<Record<string, unknown>>

export const agtRich: Peer = {
  name: 'agt-rich',
  description: '@microsoft/agent-governance-sdk, evaluatePolicy: conditions as expressions; says what and which rule',
  takes: (name, { rules }) => ['rbac-abac', 'agt'].includes(name) && rules <= 10_000,
  async prepare({ document, requests }): Promise<PreparedPeer<Context, boolean>> {
    const rules = plainRules(document)
    const { toContext, derive } = contexts(rules)
    const policy = richPolicy(rules, derive)
    const first = toContext(requests[0]!)
    const { engine, preparation } = await timePreparation(
      () => {
        const made = new PolicyEngine([], ConflictResolutionStrategy.DenyOverrides)
        made.loadPolicy(policy)
        return made
      },
      (made) => made.evaluatePolicy('did:bench', first),
    )
    const decide = (context: Context) => engine.evaluatePolicy('did:bench', context).allowed
    return { input: toContext, decide, ...booleanAnswers, preparation }
  },
}

export const agtFlat: Peer = {
  name: 'agt-flat',
  description: '@microsoft/agent-governance-sdk, evaluate: the first of a list of rules that matches; says what',
  takes: (name) => name === 'agt',
  async prepare({ document, requests }): Promise<PreparedPeer<string, boolean>> {
    const rules = flatRules(document)
    const first = requests[0]!.action.name
    const { engine, preparation } = await timePreparation(
      () => new PolicyEngine(rules),
      (made) => made.evaluate(first, {}),
    )
    const context = {}
    return {
      input: (request) => request.action.name,
      decide: (action) => engine.evaluate(action, context) === 'allow',
      ...booleanAnswers,
      preparation,
    }
  },
}

function richPolicy(rules: readonly PlainRule[], derive: Derive): Policy {
  return {
    name: 'bench',
    agents: ['*'],
    scope: PolicyScope.Global,
    default_action: 'deny',
    rules: rules.map((rule, i) => ({
      name: rule.id,
      condition: formatCondition(rule, derive),
      ruleAction: rule.deny ? 'deny' : 'allow',
      priority: rules.length - i,
      enabled: true,
    })),
  }
}

export const agtClient: Peer = {
  name: 'agt-client',
  description:
    '@microsoft/agent-governance-sdk, executeWithGovernance: ring, flat rules, trust score and audit chain; a client for each agent',
  takes: (name) => name === 'agt-pipeline',
  async prepare({ document, requests }): Promise<ConcurrentPeer<ClientCall, GovernanceResult>> {
    const policyRules = flatRules(document)
    const create = (agent: string) => AgentMeshClient.create(agent, { policyRules, audit: { maxEntries: entriesKept } })
    const ids = new Set(requests.map(({ subject }) => subject.id))
    const { engine: clients, preparation } = await timePreparation(
      () => new Map([...ids].map((id) => [id, create(id)])),
      (made) => made.get(requests[0]!.subject.id)?.executeWithGovernance(requests[0]!.action.name),
    )
    return {
      input: ({ subject, action }) => ({ client: clients.get(subject.id) ?? create(subject.id), action: action.name }),
      decideTogether: (calls) => Promise.all(calls.map(({ client, action }) => client.executeWithGovernance(action))),
      allowed: ({ decision }) => (decision === 'allow' ? 1 : 0),
      verdict: ({ decision }) => ({ decision: decision === 'allow' }),
      preparation,
    }
  },
}

interface ClientCall {
  readonly client: AgentMeshClient
  readonly action: string
}

function flatRules(document: PolicyDocument): PolicyRule[] {
  return plainRules(document).map(({ action = '*', deny }) => ({ action, effect: deny ? 'deny' : 'allow' }))
}

/** The name of a boolean in the context that says whether a test holds which no expression can say. */
type Derive = (test: PlainTest) => string

function contexts(rules: readonly PlainRule[]): { toContext: (request: AccessRequest) => Context; derive: Derive } {
  const derived = new Map<string, Test>()
  const derive: Derive = (test) => {
    const name = JSON.stringify(test).replaceAll(/[^A-Za-z0-9]+/g, '_')
    if (!derived.has(name)) derived.set(name, compileTest(test))
    return `derived.${name}`
  }
  // Every name is known before the first context is made.
  for (const rule of rules) formatCondition(rule, derive)
  const toContext = (request: AccessRequest): Context => ({
    action: request.action.name,
    type: request.resource.type,
    roles: Object.fromEntries(rolesOf(request).map((role) => [identifier(role), true])),
    subject: { ...request.subject.properties, id: request.subject.id },
    resource: { ...request.resource.properties, id: request.resource.id },
    context: { ...request.context },
    derived: Object.fromEntries([...derived].map(([name, test]) => [name, test(request)])),
  })
  return { toContext, derive }
}

function identifier(role: string): string {
  return role.replaceAll(/[^A-Za-z0-9_]/g, '_')
}

function formatCondition({ action, type, role, tests }: PlainRule, derive: Derive): string {
  const conditions = [
    ...(action === undefined ? [] : [`action == '${action}'`]),
    ...(type === undefined ? [] : [`type == '${type}'`]),
    ...(role === undefined ? [] : [`roles.${identifier(role)}`]),
    ...tests.map((test) => formatTest(test, derive)),
  ]
  return conditions.length > 0 ? conditions.join(' and ') : "action != ''"
}

const symbols: Readonly<Record<string, string>> = { eq: '==', neq: '!=', gt: '>', gte: '>=', lt: '<', lte: '<=' }

function formatTest(test: PlainTest, derive: Derive): string {
  const { path, operator, operand } = test
  if ('list' in operand) return `${path.join('.')} in [${operand.list.map((item) => `'${item}'`).join(', ')}]`
  if ('path' in operand) return derive(test)
  const value = typeof operand.value === 'string' ? `'${operand.value}'` : String(operand.value)
  return `${path.join('.')} ${symbols[operator]} ${value}`
}
