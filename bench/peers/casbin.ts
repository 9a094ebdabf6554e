/** casbin: its model of roles and attributes, conditions by `eval`, the enforcer's synchronous call. */
import { type Enforcer, newEnforcer, newModelFromString, StringAdapter } from 'casbin'
import type { AccessRequest } from '../../src/engine/types.ts'
import { booleanAnswers, type Peer, type PreparedPeer, timePreparation } from './peer.ts'
import { rolesOf } from './plain-reading.ts'
import { type PlainRule, type PlainTest, plainRules } from './plain-rules.ts'

const model = `
[request_definition]
r = sub, obj, act, ctx

[policy_definition]
p = role, type, act, rule, eft

[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

[matchers]
m = r.act == p.act && r.obj.type == p.type && hasRole(r.sub.roles, p.role) && eval(p.rule)
`

type Input = readonly [subject: object, resource: object, action: string, context: object]

export const casbin: Peer = {
  name: 'casbin',
  description: 'casbin: roles and attributes in one matcher, conditions by eval(), enforceSync; says yes or no',
  takes: (name, { rules }) => ['roles', 'rbac-abac'].includes(name) && rules <= 1000,
  async prepare({ document, requests }): Promise<PreparedPeer<Input, boolean>> {
    const first = toInput(requests[0]!)
    const { engine, preparation } = await timePreparation(
      () => makeEnforcer(plainRules(document)),
      (enforcer) => enforcer.enforceSync(...first),
    )
    return { input: toInput, decide: (input) => engine.enforceSync(...input), ...booleanAnswers, preparation }
  },
}

function toInput(request: AccessRequest): Input {
  const { subject, resource, action, context } = request
  return [
    { ...subject.properties, id: subject.id, roles: rolesOf(request) },
    { ...resource.properties, type: resource.type, id: resource.id },
    action.name,
    { ...context },
  ]
}

async function makeEnforcer(rules: readonly PlainRule[]): Promise<Enforcer> {
  const lines = rules.map(({ role, type, action, tests, deny }) => {
    const rule = tests.length > 0 ? tests.map((test) => formatTest(test, deny)).join(' && ') : 'true'
    return ['p', role, type, action, `"${rule}"`, deny ? 'deny' : 'allow'].join(', ')
  })
  const enforcer = await newEnforcer(newModelFromString(model), new StringAdapter(lines.join('\n')))
  enforcer.addFunction('hasRole', (held: readonly string[], role: string) => held.includes(role))
  enforcer.addFunction('oneOf', (value: unknown, ...items: unknown[]) => items.includes(value))
  // What is not there neither holds nor fails: a denial applies then, an allowance does not.
  enforcer.addFunction('missing', (...values: unknown[]) => values.includes(undefined))
  return enforcer
}

const symbols: Readonly<Record<string, string>> = { eq: '==', neq: '!=', gt: '>', gte: '>=', lt: '<', lte: '<=' }

function formatTest({ path, operator, operand }: PlainTest, deny: boolean): string {
  const left = formatPath(path)
  const right = 'path' in operand ? formatPath(operand.path) : undefined
  const present = `missing(${right === undefined ? left : `${left}, ${right}`})`
  let test: string
  if ('list' in operand) test = `oneOf(${[left, ...operand.list.map(formatValue)].join(', ')})`
  else test = `${left} ${symbols[operator]} ${right ?? ('value' in operand ? formatValue(operand.value) : '')}`
  return deny ? `(${present} || ${test})` : `(!${present} && ${test})`
}

function formatPath([root, ...keys]: readonly string[]): string {
  const parameter = root === 'subject' ? 'r.sub' : root === 'resource' ? 'r.obj' : 'r.ctx'
  return [parameter, ...keys].join('.')
}

function formatValue(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}
