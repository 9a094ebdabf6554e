import { expect, test } from 'vitest'
import { checkAgreement } from '../../../bench/harness/agreement.ts'
import { enter } from '../../../bench/harness/contender.ts'
import { booleanAnswers, type Peer, type PreparedPeer } from '../../../bench/peers/peer.ts'
import { rbacAbac } from '../../../bench/workloads/rbac-abac.ts'
import { sizeCase } from '../../../bench/workloads/workload.ts'
import type { AccessRequest, Decision } from '../../../src/engine/types.ts'
import { indexPeer } from './peers.ts'

const workload = rbacAbac.build({ case: sizeCase(100), seed: 1, requests: 500 })
const right = await enter(indexPeer('right'), workload)
const decided = (input: unknown) => (right.call.run(input) as Decision).decision

test('engines that agree: how the requests came out, and how many of the first ones allow', async () => {
  const { mix, allowed, allowedUpTo, compared } = await checkAgreement(
    [right, await enter(indexPeer('two'), workload)],
    10_000,
  )
  expect(Object.values(mix).reduce((a, b) => a + b)).toBe(500)
  expect(compared).toEqual({ right: 500, two: 500 })
  const verdicts = right.inputs.map((input) => decided(input))
  expect(allowed).toBe(verdicts.filter(Boolean).length)
  expect(allowedUpTo[7]).toBe(verdicts.slice(0, 7).filter(Boolean).length)
  expect(allowedUpTo[500]).toBe(allowed)
})

test.each<[string, Partial<Decision>]>([
  ['status', { status: 'review' }],
  ['code', { code: 'limit' }],
  ['deciding rules', { rules: ['another'] }],
  ['obligations', { obligations: [{ id: 'more' }] }],
])('a different %s in one request ends it', async (_, change) => {
  const last = workload.requests.at(-1)
  const wrong = indexPeer(
    'wrong',
    ({ decision, status, code, reason, rules, obligations, advice, imageId }, request) => {
      const plain = { decision, status, code, reason, rules, obligations, advice, imageId }
      return request === last ? { ...plain, ...change } : plain
    },
  )
  const contenders = [right, await enter(wrong, workload)]
  await expect(checkAgreement(contenders, 10_000)).rejects.toThrow(/disagree[\s\S]*"user"/)
})

test('an engine that only says yes or no is compared in that, and a slow one in part', async () => {
  const slow: Peer = {
    ...indexPeer('slow'),
    async prepare(): Promise<PreparedPeer<AccessRequest, boolean>> {
      const decide = (request: AccessRequest) => {
        const until = performance.now() + 1
        while (performance.now() < until);
        return decided(request)
      }
      return { input: (request) => request, decide, ...booleanAnswers, preparation: { totalMs: 0, firstDecisionUs: 0 } }
    },
  }
  const { compared } = await checkAgreement([right, await enter(slow, workload)], 5)
  expect(compared.right).toBe(500)
  expect(compared.slow).toBeLessThan(100)
})

test('lists and bytes are compared decision by decision', async () => {
  const list = { ...workload, question: 'list', perCall: 100 } as const
  const lists = await checkAgreement([await enter(indexPeer('a'), list), await enter(indexPeer('b'), list)], 10_000)
  expect(lists.compared).toEqual({ a: 5, b: 5 })
  const bytes = { ...workload, question: 'bytes' } as const
  const body = (peer: Peer): Peer => ({
    ...peer,
    prepare: async (given) => ({
      ...(await peer.prepare(given)),
      body: (output) => ({ decision: (output as Decision).decision }),
    }),
  })
  const contender = await enter(body(indexPeer('bytes')), bytes)
  const inBytes = await checkAgreement([contender], 10_000)
  expect(inBytes.allowed).toBe(lists.allowed)
  expect(await contender.loop.decideAll(contender.call, contender.inputs, 0, 500)).toBe(lists.allowed)
})
