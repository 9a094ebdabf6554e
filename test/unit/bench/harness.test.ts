import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { measure } from '../../../bench/harness/measure.ts'
import { rbacAbac } from '../../../bench/workloads/rbac-abac.ts'
import { sizeCase } from '../../../bench/workloads/workload.ts'
import { indexPeer } from './peers.ts'

const workload = rbacAbac.build({ case: sizeCase(50), seed: 1, requests: 2048 })
const options = {
  rounds: 3,
  roundMs: 20,
  leadMs: 20,
  budgetMs: 500,
  heapDecisions: 4096,
  progress: () => {},
  collect: () => {},
}

test('tells a fast engine from one that does the work twenty times', async () => {
  const slow = indexPeer('twenty-times', (first, _request, again) => {
    let decision = first
    for (let i = 0; i < 19; i++) decision = again()
    return decision
  })
  const result = await measure(workload, [indexPeer('once'), slow], options)
  const { once, 'twenty-times': twenty } = result.engines
  expect(result).toMatchObject({ case: '50 rules', rules: 50, requests: 2048 })
  expect(once?.roundMeansNs).toHaveLength(3)
  expect(result.yardstickNs).toHaveLength(3)
  expect(once?.samples).toBe(2048)
  expect(twenty!.meanNs).toBeGreaterThan(4 * once!.meanNs)
  for (const { percentilesNs, freshMeanNs } of [once!, twenty!]) {
    expect(percentilesNs['50']).toBeLessThanOrEqual(percentilesNs['99']!)
    expect(percentilesNs['99']).toBeLessThanOrEqual(percentilesNs['99.9']!)
    expect(freshMeanNs).toBeGreaterThan(0)
  }
})

test('an engine that changes its mind while it is timed ends the run', async () => {
  let calls = 0
  const fickle = indexPeer('fickle', (right) => {
    if (++calls < 3000) return right
    const { status, code, reason, rules, obligations, advice, imageId } = right
    return { decision: false, status, code, reason, rules, obligations, advice, imageId }
  })
  await expect(measure(workload, [fickle], options)).rejects.toThrow('fickle decided the same')
})

test('the command measures, prints JSON and writes its files', async () => {
  const out = await mkdtemp(join(tmpdir(), 'bench-'))
  try {
    const main = fileURLToPath(new URL('../../../bench/main.ts', import.meta.url))
    const typed = ['--quick', '--workload', 'rbac-abac', '--rules', '1', '--rounds', '2', '--peer', 'js-index,casl']
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, ...typed, '--out', out, '--json'])
    const [printed] = JSON.parse(stdout)
    expect(printed).toMatchObject({ workload: 'rbac-abac', quick: true, cases: [{ rules: 1, requests: 2048 }] })
    expect(printed.machine.node).toBe(process.version)
    expect(JSON.parse(await readFile(join(out, 'rbac-abac.json'), 'utf8'))).toEqual(printed)
    expect(await readFile(join(out, 'README.md'), 'utf8')).toMatch(/\| mean of a decision \| js-index +\| casl/)
    expect(stderr).toContain('rbac-abac, 1 rule: rounds: 2\n')
  } finally {
    await rm(out, { recursive: true })
  }
}, 30_000)
