/** The hand-written JS index as the harness sees it. */
import { createHash } from 'node:crypto'
import type { AccessRequest, Decision } from '../../src/engine/types.ts'
import type { Workload } from '../workloads/workload.ts'
import { decisionAnswers } from './decision-answers.ts'
import { createJsIndex } from './js-index.ts'
import { type Peer, type PreparedPeer, timePreparation } from './peer.ts'

export const jsIndex: Peer = {
  name: 'js-index',
  description: 'an index written by hand in JavaScript for exactly these rules; the same decision object',
  takes: (name) => ['roles', 'rbac-abac', 'worst-case', 'listing', 'bytes'].includes(name),
  prepare,
}

async function prepare({ document, requests }: Workload): Promise<PreparedPeer<AccessRequest, Decision>> {
  const imageId = createHash('sha256').update(JSON.stringify(document)).digest('hex')
  const { engine, preparation } = await timePreparation(
    () => createJsIndex(document, imageId),
    (evaluate) => evaluate(requests[0]!),
  )
  return {
    input: (request) => request,
    decide: engine,
    body: ({ decision, code, rules }) => (decision ? { decision } : { decision, context: { code, rules } }),
    ...decisionAnswers,
    preparation,
  }
}
