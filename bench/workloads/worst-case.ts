/**
 * The worst case for any index: all rules share action, type and role, and each tests the same number against another
 * bound, so that all of them have to be looked at. Half of the requests meet one rule, the others none.
 */
import type { Rule } from '../../src/policy/document.ts'
import { createRandom } from '../random.ts'
import { type BuildOptions, parseRequests, sizeCase, type Workload, type WorkloadFactory } from './workload.ts'

/** Amounts of requests lie below this, bounds of rules above it; but the last rule's. */
const ceiling = 10_000

export const worstCase: WorkloadFactory = {
  name: 'worst-case',
  description: 'rules that agree in action, type and role, with one numeric test each; all of them are looked at',
  cases: ({ rules, quick }) => (rules ?? (quick ? [1000] : [100, 1000, 10_000])).map(sizeCase),
  build,
}

function build({ case: size, seed, requests = 1024 }: BuildOptions): Workload {
  const random = createRandom(seed)
  const rules = Array.from({ length: size.rules }, (_, number): Rule => {
    const last = number === size.rules - 1
    const when = { 'context.amount': last ? { lt: ceiling / 2 } : { gt: ceiling + number } }
    return { id: `rule-${number}`, allow: 'pay', on: 'invoice', to: { role: 'clerk' }, when }
  })
  const texts = Array.from({ length: requests }, () =>
    JSON.stringify({
      subject: { type: 'user', id: `user-${random.integer(10_000)}`, properties: { roles: ['clerk'] } },
      action: { name: 'pay' },
      resource: { type: 'invoice', id: `invoice/${random.integer(1_000_000)}` },
      context: { amount: random.integer(ceiling) },
    }),
  )
  return {
    name: worstCase.name,
    case: size,
    seed,
    question: 'request',
    perCall: 1,
    document: { version: 1, tenant: 'bench', roles: { clerk: [] }, rules },
    texts,
    requests: parseRequests(texts),
  }
}
