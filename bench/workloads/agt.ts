/**
 * The benchmark that Microsoft's Agent Governance Toolkit publishes figures of (its Python `agent-os/benchmarks`): policies of
 * 1, 10 and 100 rules, each about one action, every third a denial. Theirs asks one request again and again, and the first
 * rule that is tried matches it; here also the last rule, and none.
 *
 * Two differences: what no rule matches is denied, as everywhere in this project, and requests carry different agents.
 */
import type { Rule } from '../../src/policy/document.ts'
import { type BuildOptions, type Case, parseRequests, type Workload, type WorkloadFactory } from './workload.ts'

const sizes = [1, 10, 100]
export const agents = 50
const situations = ['first', 'last', 'none'] as const

export const agt: WorkloadFactory = {
  name: 'agt',
  description:
    "the shape of the Agent Governance Toolkit's own benchmark: one action a rule, every third denies; 50 agents",
  cases: ({ quick }) =>
    (quick ? [100] : sizes).flatMap((rules) =>
      situations
        .filter((situation) => (quick ? situation === 'last' : rules > 1 || situation !== 'last'))
        .map(
          (situation): Case => ({ name: `${rules} ${rules === 1 ? 'rule' : 'rules'}, ${describe(situation)}`, rules }),
        ),
    ),
  build,
}

function describe(situation: (typeof situations)[number]): string {
  return situation === 'none' ? 'no match' : `${situation} matches`
}

/** Each rule about one action, every third a denial. */
export function rulesOf(count: number): Rule[] {
  return Array.from({ length: count }, (_, i): Rule => {
    const action = actionOf(i)
    return i % 3 === 0 ? { id: `rule-${i}`, deny: action } : { id: `rule-${i}`, allow: action }
  })
}

/** The request of an agent for the action that a rule is about, as JSON. */
export function requestText(agent: number, rule: number): string {
  return JSON.stringify({
    subject: { type: 'agent', id: `agent-${agent}` },
    action: { name: actionOf(rule) },
    resource: { type: 'tool', id: 'bench' },
  })
}

function actionOf(rule: number): string {
  return `action_${rule}`
}

function build({ case: chosen, seed, requests = 4096 }: BuildOptions): Workload {
  const { rules: count, name } = chosen
  const wanted = name.includes('first') ? 0 : name.includes('last') ? count - 1 : count
  const texts = Array.from({ length: requests }, (_, i) => requestText(i % agents, wanted))
  return {
    name: agt.name,
    case: chosen,
    seed,
    question: 'request',
    perCall: 1,
    document: { version: 1, tenant: 'bench', rules: rulesOf(count) },
    texts,
    requests: parseRequests(texts),
  }
}
