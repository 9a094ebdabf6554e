/** Plain rules as Cedar policies, and values as Cedar has them. */
import type { PolicyDocument } from '../../src/policy/document.ts'
import { chainRules } from './chain-rules.ts'
import type { PlainRule, PlainTest } from './plain-rules.ts'

/** Names in Cedar are identifiers. */
export function typeName(type: string): string {
  return type.replaceAll(/[^A-Za-z0-9_]/g, '_')
}

/** Cedar's numbers are integers: fractions are counted in hundredths, in requests and in policies. */
export function cedarValue(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Math.floor(value * 100)
  if (Array.isArray(value)) return value.map(cedarValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cedarValue(item)]))
}

/** One policy for each rule, by the rule's id. */
export function cedarPolicies(rules: readonly PlainRule[]): Record<string, string> {
  return Object.fromEntries(rules.map((rule) => [rule.id, formatPolicy(rule)]))
}

function formatPolicy({ deny, action, type, role, subjectType, tests }: PlainRule): string {
  const principal = [
    'principal',
    ...(subjectType === undefined ? [] : [`is ${typeName(subjectType)}`]),
    ...(role === undefined ? [] : [`in Role::${JSON.stringify(role)}`]),
  ].join(' ')
  const exact = action !== undefined && !action.endsWith('*')
  const scope = [
    principal,
    exact ? `action == Action::${JSON.stringify(action)}` : 'action',
    type === undefined ? 'resource' : `resource is ${typeName(type)}`,
  ]
  const conditions = tests.map((test) => formatTest(test, deny))
  // Cedar has no patterns for actions; the requests that need them name theirs in the context, too.
  if (action !== undefined && !exact) conditions.unshift(`context.action like ${JSON.stringify(action)}`)
  const when = conditions.length > 0 ? ` when { ${conditions.join(' && ')} }` : ''
  return `${deny ? 'forbid' : 'permit'} (${scope.join(', ')})${when};`
}

/** Cedar skips a policy that fails; so that a missing attribute does not undo a denial, `has` comes first. */
function formatTest({ path, operator, operand }: PlainTest, deny: boolean): string {
  const left = formatPath(path)
  const guards = guard(path)
  let test: string
  if ('list' in operand) {
    const contains = `[${operand.list.map(formatValue).join(', ')}].contains(${left})`
    test = operator === 'not_in' ? `!${contains}` : contains
  } else if ('path' in operand) {
    guards.push(...guard(operand.path))
    test = `${left} ${symbols[operator]} ${formatPath(operand.path)}`
  } else if (operator === 'glob') test = `${left} like ${formatValue(operand.value)}`
  else if (operator === 'starts_with') test = `${left} like ${formatValue(`${operand.value}*`)}`
  else if (operator === 'ends_with') test = `${left} like ${formatValue(`*${operand.value}`)}`
  else {
    const fraction = typeof operand.value === 'number' && !Number.isInteger(operand.value)
    const value = fraction ? Math.round(Number(operand.value) * 100) : operand.value
    test = `${left} ${symbols[operator]} ${formatValue(value)}`
  }
  const present = guards.join(' && ')
  return deny ? `(!(${present}) || ${test})` : `${present} && ${test}`
}

const symbols: Readonly<Record<string, string>> = { eq: '==', neq: '!=', gt: '>', gte: '>=', lt: '<', lte: '<=' }
const variables: Readonly<Record<string, string>> = { subject: 'principal', resource: 'resource', context: 'context' }

function formatPath([root = '', ...keys]: readonly string[]): string {
  return [variables[root] ?? root, ...keys].join('.')
}

/** `context has a && context.a has b`: every step of the path. */
function guard([root = '', ...keys]: readonly string[]): string[] {
  const variable = variables[root] ?? root
  return keys.map((key, i) => `${[variable, ...keys.slice(0, i)].join('.')} has ${key}`)
}

function formatValue(value: unknown): string {
  return JSON.stringify(value)
}

/**
 * The rules of the chains workload. Cedar has no loops, and nothing that looks through a chain of unknown length: there is one
 * condition for each length that the workload allows.
 */
export function chainPolicies(document: PolicyDocument): Record<string, string> {
  return Object.fromEntries(
    chainRules(document).map(({ id, action, department, depth, trust, amount }) => {
      const ways = Array.from({ length: depth }, (_, i) => {
        const actors = Array.from({ length: i + 2 }, (_, step) =>
          ['principal', ...Array(step).fill('on_behalf_of')].join('.'),
        )
        const root = actors.at(-1)
        const steps = actors.slice(0, -1).map((actor) => `${actor} has on_behalf_of`)
        const scores = actors.map((actor) => `${actor} has trust_score && ${actor}.trust_score >= ${trust}`)
        const ends = [`!(${root} has on_behalf_of)`, `${root}.type == "user"`, `${root} has department`]
        const belongs = `${root}.department == ${formatValue(department)}`
        return `(${[...steps, ...ends, belongs, ...scores].join(' && ')})`
      })
      const limit = `context has amount && context.amount <= ${amount}`
      const scope = `principal is agent, action == Action::${formatValue(action)}, resource`
      return [id, `permit (${scope}) when { ${limit} && (${ways.join(' || ')}) };`]
    }),
  )
}
