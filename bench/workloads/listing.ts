/**
 * Lists: which of 1,000 candidates may one subject act on? The rules of rbac-abac; one subject, one action, one context
 * for each list. Resources are of many types, half of which the action's rules name; or of one type, as in a search.
 */
import type { AccessRequest } from '../../src/engine/types.ts'
import { createRandom, type Random } from '../random.ts'
import { randomResource } from './attributes.ts'
import { rbacAbac } from './rbac-abac.ts'
import { type BuildOptions, type Case, parseRequests, type Workload, type WorkloadFactory } from './workload.ts'

const candidates = 1000
const lists = 16
const oneType = '1,000 of one type'
const manyTypes: Case = { name: '1,000 candidates', rules: 1000 }
const ofOne: Case = { name: oneType, rules: 1000 }

export const listing: WorkloadFactory = {
  name: 'listing',
  description: '1,000 candidates in one call for one subject and action; the rules of rbac-abac, 1,000 of them',
  cases: ({ quick }) => (quick ? [manyTypes] : [manyTypes, ofOne]),
  build,
}

function build({ case: only, seed, requests = lists * candidates }: BuildOptions): Workload {
  const random = createRandom(seed)
  const { document, requests: pool } = rbacAbac.build({ case: only, seed })
  const texts = Array.from({ length: Math.ceil(requests / candidates) }, () => {
    const asked = random.pick(pool)
    const resources = only.name === oneType ? ofOneType(asked, random) : ofManyTypes(asked, pool, random)
    const { subject, action, context } = asked
    return resources.map((resource) => JSON.stringify({ subject, action, resource, context }))
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

/** Half of the candidates are of types that rules of this action name: as in a search that has a type in mind. */
function ofManyTypes(
  asked: AccessRequest,
  pool: readonly AccessRequest[],
  random: Random,
): AccessRequest['resource'][] {
  const near = pool.filter((other) => other.action.name === asked.action.name)
  return Array.from(
    { length: candidates },
    (_, i) => random.pick(i % 2 === 0 && near.length > 0 ? near : pool).resource,
  )
}

function ofOneType(asked: AccessRequest, random: Random): AccessRequest['resource'][] {
  const { type } = asked.resource
  return Array.from({ length: candidates }, (_, i) => ({
    type,
    id: `${type}/${i}`,
    properties: randomResource(random),
  }))
}
