import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { measure } from '../../../bench/harness.ts'
import { createJsIndex } from '../../../bench/peers/js-index.ts'
import type { Peer } from '../../../bench/peers/peer.ts'
import { rbacAbac } from '../../../bench/workloads/rbac-abac.ts'

const workload = rbacAbac.build({ rules: 50, seed: 1, requests: 2048 })
const options = { rounds: 3, roundMs: 1, heapDecisions: 4096, progress: () => {}, collect: () => {} }

function peer(name: string, slowdown = 0): Peer {
  return {
    name,
    description: name,
    async prepare({ document }) {
      const index = createJsIndex(document, name)
      return {
        evaluate(request) {
          let decision = index(request)
          for (let i = 0; i < slowdown; i++) decision = index(request)
          return decision
        },
        preparation: { totalMs: 0, stages: {}, firstDecisionUs: 0 },
      }
    },
  }
}

test('tells a fast engine from one that does the work twenty times', async () => {
  const { engines, requests, rules } = await measure(workload, [peer('once'), peer('twenty-times', 19)], options)
  const { once, 'twenty-times': twenty } = engines
  expect([rules, requests]).toEqual([50, 2048])
  expect(once?.roundMeansNs).toHaveLength(3)
  expect(once?.samples).toBe(2048)
  expect(twenty!.meanNs).toBeGreaterThan(4 * once!.meanNs)
  for (const { p50Ns, p99Ns, p999Ns, freshMeanNs } of [once!, twenty!]) {
    expect(p50Ns).toBeLessThanOrEqual(p99Ns)
    expect(p99Ns).toBeLessThanOrEqual(p999Ns)
    expect(freshMeanNs).toBeGreaterThan(0)
  }
})

test('an engine that changes its mind while it is timed ends the run', async () => {
  const fickle = peer('fickle')
  const prepare = async (...args: Parameters<Peer['prepare']>) => {
    const { evaluate, preparation } = await fickle.prepare(...args)
    const denied = { ...evaluate(workload.requests[0]!), decision: false }
    let calls = 0
    return {
      evaluate: (request: Parameters<typeof evaluate>[0]) => (++calls > 5000 ? denied : evaluate(request)),
      preparation,
    }
  }
  await expect(measure(workload, [{ ...fickle, prepare }], options)).rejects.toThrow('fickle decided the same')
})

test('the command measures, prints JSON and writes both files', async () => {
  const out = await mkdtemp(join(tmpdir(), 'bench-'))
  try {
    const main = fileURLToPath(new URL('../../../bench/main.ts', import.meta.url))
    const typed = ['--quick', '--rules', '1', '--rounds', '2', '--engines', 'js-index', '--out', out, '--json']
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, ...typed])
    const [printed] = JSON.parse(stdout)
    expect(printed).toMatchObject({ workload: 'rbac-abac', quick: true, sizes: [{ rules: 1, requests: 16_384 }] })
    expect(printed.machine.node).toBe(process.version)
    expect(JSON.parse(await readFile(join(out, 'rbac-abac.json'), 'utf8'))).toEqual(printed)
    expect(await readFile(join(out, 'README.md'), 'utf8')).toContain('| rules | js-index mean / p50 / p99, ns |')
    expect(stderr).toContain('rbac-abac, 1 rule: rounds: 2\n')
  } finally {
    await rm(out, { recursive: true })
  }
}, 30_000)
