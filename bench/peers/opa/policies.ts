/** Plain rules as Rego, as one would write them: a rule with its conditions for each. */
import { writeFile } from 'node:fs/promises'
import { createRandom } from '../../random.ts'
import { makeRules } from '../../workloads/chains.ts'
import { toolCallRules } from '../../workloads/tool-calls.ts'
import { type ChainRule, chainRulesByAction } from '../chain-rules.ts'
import { type PlainRule, type PlainTest, plainRules } from '../plain-rules.ts'

/** A module of package `bench` that says `allow`. */
function regoModule(rules: readonly PlainRule[]): string {
  return [
    '# Written by policies.ts from ../../workloads/tool-calls.ts.',
    'package bench',
    'default allow := false',
    'allow if {\n\tpermitted\n\tnot denied\n}',
    ...rules.map(formatRule),
  ].join('\n\n')
}

function formatRule({ deny, action, type, subjectType, tests }: PlainRule): string {
  const lines = [
    ...(action === undefined ? [] : [formatName('input.action.name', action)]),
    ...(type === undefined ? [] : [formatName('input.resource.type', type)]),
    ...(subjectType === undefined ? [] : [formatName('input.subject.type', subjectType)]),
    ...tests.map((test) => formatTest(test)),
  ]
  return `${deny ? 'denied' : 'permitted'} if {\n${lines.map((line) => `\t${line}`).join('\n')}\n}`
}

function formatName(path: string, pattern: string): string {
  return pattern.endsWith('*')
    ? `startswith(${path}, ${JSON.stringify(pattern.slice(0, -1))})`
    : `${path} == ${JSON.stringify(pattern)}`
}

const symbols: Readonly<Record<string, string>> = { eq: '==', neq: '!=', gt: '>', gte: '>=', lt: '<', lte: '<=' }

/** All attributes of this workload are there, so a denial needs no second thought about missing ones. */
function formatTest({ path, operator, operand }: PlainTest): string {
  const left = formatPath(path)
  if ('list' in operand) return `${left} in {${operand.list.map((item) => JSON.stringify(item)).join(', ')}}`
  if ('path' in operand) return `${left} ${symbols[operator]} ${formatPath(operand.path)}`
  const right = JSON.stringify(operand.value)
  if (operator === 'starts_with') return `startswith(${left}, ${right})`
  if (operator === 'ends_with') return `endswith(${left}, ${right})`
  if (operator === 'glob') return formatGlob(left, String(operand.value))
  return `${left} ${symbols[operator]} ${right}`
}

/** By its parts: `glob.match` brings OPA's regular expressions along, which are slower and twice the size. */
function formatGlob(left: string, pattern: string): string {
  const parts = pattern.split('*')
  const first = parts[0] ? [`startswith(${left}, ${JSON.stringify(parts[0])})`] : []
  const last = parts.at(-1) ? [`endswith(${left}, ${JSON.stringify(parts.at(-1))})`] : []
  const between = parts.slice(1, -1).map((part) => `contains(${left}, ${JSON.stringify(part)})`)
  return [...first, ...between, ...last].join('\n\t')
}

function formatPath([root = '', ...keys]: readonly string[]): string {
  const properties = root === 'context' ? [] : ['properties']
  return ['input', root, ...properties, ...keys].join('.')
}

/** The rules of the chains workload: as data of the module, so that the walk along the chain is written once. */
function chainModule(byAction: ReadonlyMap<string, readonly ChainRule[]>): string {
  return `# Written by policies.ts from ../../workloads/chains.ts.
package bench

rules := ${JSON.stringify(Object.fromEntries(byAction), null, '\t')}

default allow := false

allow if {
	input.subject.type == "agent"
	some rule in rules[input.action.name]
	input.context.amount <= rule.amount
	count(chain) <= rule.depth + 1
	root := chain[count(chain) - 1]
	root.type == "user"
	root.properties.department == rule.department
	every actor in chain {
		actor.properties.trust_score >= rule.trust
	}
}

# Rego has no recursion; chains of up to four actors are spelt out.
chain := [input.subject] if not input.subject.on_behalf_of

chain := [input.subject, input.subject.on_behalf_of] if {
	input.subject.on_behalf_of
	not input.subject.on_behalf_of.on_behalf_of
}

chain := [input.subject, second, third] if {
	second := input.subject.on_behalf_of
	third := second.on_behalf_of
	not third.on_behalf_of
}

chain := [input.subject, second, third, fourth] if {
	second := input.subject.on_behalf_of
	third := second.on_behalf_of
	fourth := third.on_behalf_of
	not fourth.on_behalf_of
}`
}

const modules = {
  'tool-calls': regoModule(plainRules({ version: 1, rules: toolCallRules() })),
  chains: chainModule(chainRulesByAction({ version: 1, rules: makeRules(createRandom(1)) })),
}
for (const [name, text] of Object.entries(modules))
  await writeFile(new URL(`${name}.rego`, import.meta.url), `${text}\n`)
