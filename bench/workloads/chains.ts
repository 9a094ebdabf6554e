/**
 * Chains of actors: an agent acts for an agent that acts for a user. Every rule asks on whose behalf it is in the end, how many
 * stand in between, and that each actor is trusted enough.
 */
import type { Actor } from '../../src/engine/types.ts'
import type { Rule } from '../../src/policy/document.ts'
import { createRandom, type Random } from '../random.ts'
import { names, nouns } from './names.ts'
import { type BuildOptions, parseRequests, sizeCase, type Workload, type WorkloadFactory } from './workload.ts'

const departments = ['sales', 'finance', 'legal', 'engineering', 'research', 'support']
const ruleCount = 24
/** Each has three rules, for different departments. */
const actions = names(nouns, ruleCount / 3).map((noun) => `approve:${noun}`)

export const chains: WorkloadFactory = {
  name: 'chains',
  description: 'chains of three actors: whose behalf, how deep, and trust in all of them; 24 rules',
  cases: () => [sizeCase(ruleCount)],
  build,
}

function build({ case: only, seed, requests = 4096 }: BuildOptions): Workload {
  const random = createRandom(seed)
  const rules = makeRules(random)
  const texts = Array.from({ length: requests }, () => JSON.stringify(makeRequest(random)))
  return {
    name: chains.name,
    case: only,
    seed,
    question: 'request',
    perCall: 1,
    document: { version: 1, tenant: 'bench', trust: { scale: 1000 }, rules },
    texts,
    requests: parseRequests(texts),
  }
}

/** For `opa/` too, at the seed 1. */
export function makeRules(random: Random): Rule[] {
  return Array.from({ length: ruleCount }, (_, i): Rule => {
    const department = departments[(i * 5 + Math.floor(i / actions.length)) % departments.length]!
    return {
      id: `rule-${i}`,
      allow: actions[i % actions.length]!,
      to: { type: 'agent' },
      chain: {
        root: { type: 'user', department },
        depth: { lte: 2 + (i % 2) },
        trust: { min: 200 + random.integer(300) },
      },
      when: { 'context.amount': { lte: 1000 * (1 + random.integer(9)) } },
    }
  })
}

function makeRequest(random: Random) {
  const actor = (type: string, name: string, properties: object): Actor => ({
    type,
    id: `${name}-${random.integer(500)}`,
    properties: { trust_score: 150 + random.integer(851), ...properties },
  })
  const user = actor('user', 'user', { department: random.pick(departments), roles: ['employee'] })
  const planner = actor('agent', 'planner', { model: 'model-large' })
  const worker = actor('agent', 'worker', { model: 'model-small' })
  return {
    // One in ten acts for nobody.
    subject: random.next() < 0.1 ? worker : { ...worker, on_behalf_of: { ...planner, on_behalf_of: user } },
    action: { name: random.pick(actions) },
    resource: { type: 'order', id: `order-${random.integer(10_000)}` },
    context: { amount: random.integer(6000), channel: 'mcp' },
  }
}
