import { expect, test } from 'vitest'
import type { EngineResult, SizeResult } from '../../../bench/harness.ts'
import { renderResult } from '../../../bench/report.ts'
import { rbacAbacTargets } from '../../../bench/targets.ts'

function engine(meanNs: number): EngineResult {
  return {
    meanNs,
    roundMeansNs: [meanNs],
    freshMeanNs: meanNs,
    p50Ns: meanNs,
    p99Ns: meanNs,
    p999Ns: meanNs,
    samples: 1,
    heap: { allocatedBytes: 8, retainedBytes: 0, decisions: 1 },
    preparation: { totalMs: 1, stages: {}, firstDecisionUs: 1 },
  }
}

function size(rules: number, ours: number, index: number): SizeResult {
  const engines = { sallyport: engine(ours), 'js-index': engine(index) }
  return { rules, requests: 10, timerNs: 30, mix: { 'allow matched': 10 }, allowed: 10, severalRules: 0, engines }
}

test('judges by what was measured, not by what the table rounds to', () => {
  const targets = rbacAbacTargets([size(1, 100, 40), size(10_000, 500.01, 500), size(100_000, 300, 301)])
  expect(targets.map(({ reached }) => reached)).toEqual([false, true, true, false, true])
  expect(targets[1]?.measured).toBe(3)
})

test('what was not measured is neither reached nor missed', () => {
  const targets = rbacAbacTargets([size(100, 100, 39)])
  expect(targets.map(({ reached }) => reached)).toEqual([undefined, undefined, false])
})

test('the report shows every size and every target', () => {
  const sizes = [size(1, 100, 40), size(10_000, 500.01, 500)]
  const text = renderResult({
    workload: 'rbac-abac',
    description: 'rules',
    seed: 1,
    command: 'npm run bench',
    rounds: 1,
    roundMs: 1,
    quick: true,
    machine: { cpu: 'cpu', cores: 2, memoryGiB: 1, platform: 'p', node: 'v24', v8: '13', date: 'today' },
    sizes,
    targets: rbacAbacTargets(sizes),
  })
  expect(text).toMatch(/\| 1 +\| 100 \/ 100 \/ 100 +\| 40 \/ 40 \/ 40 +\| 2\.50 ×/)
  expect(text).toMatch(/mean at 10,000 rules +\| ≤ 500 ns +\| 500\.0 ns +\| \*\*not reached\*\*/)
  expect(text).toContain('not figures to quote')
})
