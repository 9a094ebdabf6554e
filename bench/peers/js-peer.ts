/** The hand-written JS index as the harness sees it. */
import { createHash } from 'node:crypto'
import type { Workload } from '../workloads/workload.ts'
import { createJsIndex } from './js-index.ts'
import type { Peer, PreparedPeer } from './peer.ts'

export const jsIndex: Peer = {
  name: 'js-index',
  description: 'an index written by hand in JavaScript for exactly these rules, same decision object',
  prepare,
}

async function prepare({ document, requests }: Workload): Promise<PreparedPeer> {
  const imageId = createHash('sha256').update(JSON.stringify(document)).digest('hex')
  const started = performance.now()
  const evaluate = createJsIndex(document, imageId)
  const built = performance.now()
  evaluate(requests[0]!)
  const decided = performance.now()
  return {
    evaluate,
    preparation: { totalMs: built - started, stages: {}, firstDecisionUs: (decided - built) * 1000 },
  }
}
