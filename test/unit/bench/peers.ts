/** Engines for tests of the harness: the hand-written index, at several speeds. */
import { decisionAnswers } from '../../../bench/peers/decision-answers.ts'
import { createJsIndex } from '../../../bench/peers/js-index.ts'
import type { Peer, PreparedPeer } from '../../../bench/peers/peer.ts'
import type { Workload } from '../../../bench/workloads/workload.ts'
import type { AccessRequest, Decision } from '../../../src/engine/types.ts'

/** @param change makes another decision of the right one */
export function indexPeer(
  name: string,
  change: (decision: Decision, request: AccessRequest, decideAgain: () => Decision) => Decision = (right) => right,
): Peer {
  return {
    name,
    description: name,
    takes: () => true,
    async prepare({ document }: Workload): Promise<PreparedPeer<AccessRequest, Decision>> {
      const index = createJsIndex(document, name)
      return {
        input: (request) => request,
        decide: (request) => change(index(request), request, () => index(request)),
        ...decisionAnswers,
        preparation: { totalMs: 0, firstDecisionUs: 0 },
      }
    },
  }
}
