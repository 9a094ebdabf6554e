/** sallyport as it is used where uses, loans and approvals count: the built package; `guard.authorize` with a decision log. */
import type { AccessRequest } from '../../src/engine/types.ts'
import type { GuardDecision } from '../../src/guard/index.ts'
import type { Workload } from '../workloads/workload.ts'
import { auditChain } from './audit-chain.ts'
import { importBuilt, importGuard, importMemoryStore } from './built.ts'
import { decisionAnswers } from './decision-answers.ts'
import { type ConcurrentPeer, timePreparation } from './peer.ts'

/** On the store in memory: what a denial finds out there, whether anything is lent, is part of each call. */
export async function prepareGuard({
  document,
  requests,
}: Workload): Promise<ConcurrentPeer<AccessRequest, GuardDecision>> {
  const { createEngine } = await importBuilt()
  const { createGuard } = await importGuard()
  const { memoryStore } = await importMemoryStore()
  const { engine: guard, preparation } = await timePreparation(
    async () =>
      createGuard({
        engine: await createEngine({ policies: document }),
        store: memoryStore(),
        clock: Date.now,
        random: (length) => crypto.getRandomValues(new Uint8Array(length)),
        log: { sink: auditChain(), whenFull: 'wait' },
      }),
    (made) => made.authorize(requests[0]!),
  )
  return {
    input: (request) => request,
    decideTogether: (asked) => Promise.all(asked.map((request) => guard.authorize(request))),
    ...decisionAnswers,
    preparation,
  }
}
