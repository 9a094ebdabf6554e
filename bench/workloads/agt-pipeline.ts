/**
 * What the Agent Governance Toolkit calls its kernel: a call of a tool through everything that stands before it, with an entry in an
 * audit log whose entries are chained by their hashes; by one agent, and by 50 at the same time. The rules of `agt`, ten of them.
 *
 * Their own benchmark (Python, `agent-os/benchmarks`) asks about one call again and again; here actions are drawn, some of them named by
 * no rule, so that allows and denials alternate.
 */
import { createRandom } from '../random.ts'
import { agents, requestText, rulesOf } from './agt.ts'
import { type BuildOptions, type Case, parseRequests, type Workload, type WorkloadFactory } from './workload.ts'

const rules = 10
const one: Case = { name: '1 agent', rules }
const many: Case = { name: `${agents} agents at once`, rules }

export const agtPipeline: WorkloadFactory = {
  name: 'agt-pipeline',
  description:
    'the whole way of a tool call, as in the kernel of the Agent Governance Toolkit: decide, and append to an audit log chained by SHA-256; 10 rules',
  cases: ({ quick }) => (quick ? [many] : [one, many]),
  build,
}

function build({ case: chosen, seed, requests = 5000 }: BuildOptions): Workload {
  const random = createRandom(seed)
  const perCall = chosen.name === many.name ? agents : 1
  // The actions that rules name, and the one after them.
  const texts = Array.from({ length: requests }, (_, i) => requestText(i % perCall, random.integer(rules + 1)))
  return {
    name: agtPipeline.name,
    case: chosen,
    seed,
    question: 'concurrent',
    perCall,
    document: { version: 1, tenant: 'bench', rules: rulesOf(rules) },
    texts,
    requests: parseRequests(texts),
  }
}
