/**
 * Lists: which of 1,000 candidates may one subject act on? The rules of rbac-abac; one subject, one action, one context
 * for each list, and resources of the types that the action's rules name.
 */
import { createRandom } from '../random.ts'
import { rbacAbac } from './rbac-abac.ts'
import { type BuildOptions, parseRequests, type Workload, type WorkloadFactory } from './workload.ts'

const candidates = 1000
const lists = 16

export const listing: WorkloadFactory = {
  name: 'listing',
  description: '1,000 candidates in one call for one subject and action; the rules of rbac-abac, 1,000 of them',
  cases: () => [{ name: '1,000 candidates', rules: 1000 }],
  build,
}

function build({ case: only, seed, requests = lists * candidates }: BuildOptions): Workload {
  const random = createRandom(seed)
  const { document, requests: pool } = rbacAbac.build({ case: only, seed })
  const texts = Array.from({ length: Math.ceil(requests / candidates) }, () => {
    const { subject, action, context } = random.pick(pool)
    // Half of the candidates are of types that rules of this action name: as in a search that has a type in mind.
    const near = pool.filter((other) => other.action.name === action.name)
    return Array.from({ length: candidates }, (_, i) => {
      const { resource } = random.pick(i % 2 === 0 && near.length > 0 ? near : pool)
      return JSON.stringify({ subject, action, resource, context })
    })
  }).flat()
  return {
    name: listing.name,
    case: only,
    seed,
    question: 'list',
    perCall: candidates,
    document,
    texts,
    requests: parseRequests(texts, candidates),
  }
}
