/** Every workload with every engine that takes it: they agree, at the smallest size and a few requests. */
import { describe, expect, test } from 'vitest'
import { checkAgreement } from '../../../bench/harness/agreement.ts'
import { enter } from '../../../bench/harness/contender.ts'
import { findPeer, peers } from '../../../bench/peers/index.ts'
import { cel } from '../../../bench/workloads/cel.ts'
import { workloads } from '../../../bench/workloads/index.ts'
import type { Case } from '../../../bench/workloads/workload.ts'

/** Small enough for a test; what several sizes have in common does not depend on the size. */
const sizes: Readonly<Record<string, number>> = { 'rbac-abac': 200, 'worst-case': 20 }

function smallest(name: string): Case {
  const factory = workloads.find((one) => one.name === name)!
  const rules = sizes[name] === undefined ? undefined : [sizes[name]]
  return factory.cases({ rules, quick: true })[0]!
}

describe.each(workloads.map(({ name }) => name))('%s', (name) => {
  const factory = workloads.find((one) => one.name === name)!
  const size = smallest(name)
  // Casbin and Cedar look at all 1,000 grants for each.
  const requests = name === 'listing' ? 2000 : name === 'roles' ? 50 : 300

  test('is the same for the same seed, another for another', () => {
    const build = (seed: number) => factory.build({ case: size, seed, requests: 50 })
    expect(build(1).texts).toEqual(build(1).texts)
    if (name !== 'agt') expect(build(1).texts).not.toEqual(build(2).texts)
  })

  test('all engines agree, and not all requests come out alike', { timeout: 60_000 }, async () => {
    const workload = factory.build({ case: size, seed: 1, requests })
    const contenders = []
    for (const peer of peers) if (peer.takes(name, size)) contenders.push(await enter(peer, workload))
    expect(contenders.length).toBeGreaterThan(1)
    const { compared, mix } = await checkAgreement(contenders, 20_000)
    expect(new Set(Object.values(compared)).size).toBe(1)
    if (name !== 'agt') expect(Object.keys(mix).length).toBeGreaterThan(1)
  })
})

test.each(cel.cases({ rules: undefined, quick: false }))('evaluators of CEL agree: $name', async (size) => {
  const workload = cel.build({ case: size, seed: 1, requests: 64 })
  const contenders = []
  for (const peer of peers) if (peer.takes(cel.name, size)) contenders.push(await enter(peer, workload))
  expect(contenders.length).toBeGreaterThan(2)
  expect((await checkAgreement(contenders, 20_000)).compared.sallyport).toBe(64)
})

test('each engine takes some workload', () => {
  for (const { name } of peers) {
    const taken = workloads.filter((factory) => findPeer(name)?.takes(factory.name, smallest(factory.name)))
    expect([name, taken.length > 0]).toEqual([name, true])
  }
})
