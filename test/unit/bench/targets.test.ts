import { expect, test } from 'vitest'
import type { CaseResult, EngineResult } from '../../../bench/harness/measure.ts'
import { renderPage } from '../../../bench/report/page.ts'
import type { WorkloadResult } from '../../../bench/report/result.ts'
import { judge } from '../../../bench/targets.ts'

function engine(meanNs: number): EngineResult {
  return {
    meanNs,
    roundMeansNs: [meanNs],
    wallMeanNs: meanNs,
    freshMeanNs: meanNs,
    percentilesNs: { '50': meanNs, '99': meanNs, '99.9': meanNs },
    samples: 1,
    heap: { allocatedBytes: 8, retainedBytes: 0, decisions: 1 },
    preparation: { totalMs: 1, firstDecisionUs: 1 },
  }
}

function size(name: string, ours: number, index: number): CaseResult {
  const engines = { sallyport: engine(ours), 'js-index': engine(index) }
  const counts = { requests: 10, perCall: 1, allowed: 10, severalRules: 0, mix: { 'allow matched': 10 } }
  return { case: name, rules: 1, timerNs: 30, yardstickNs: [1], compared: {}, ...counts, engines }
}

function result(...cases: CaseResult[]): WorkloadResult {
  return {
    workload: 'rbac-abac',
    description: 'rules',
    seed: 1,
    command: 'npm run bench',
    rounds: 1,
    roundMs: 1,
    quick: true,
    machine: { cpu: 'cpu', cores: 2, memoryGiB: 1, platform: 'p', node: 'v24', v8: '13', date: 'today' },
    cases,
  }
}

test('judges by what was measured, not by what the table rounds to', () => {
  const targets = judge([result(size('10,000 rules', 300.01, 300.02), size('1,000 rules', 200, 100))], [])
  const of = (what: string) => targets.find((target) => target.what === what)
  expect(of('mean at 10,000 rules')).toMatchObject({ measured: 300.01, reached: false })
  expect(of("mean to the JS index's at 10,000 rules")?.reached).toBe(true)
  expect(of("mean to the JS index's at 1,000 rules")).toMatchObject({ measured: 2, reached: true })
})

test('what was not measured is neither reached nor missed', () => {
  const targets = judge([], [{ name: 'core, Brotli', value: 40_001, unit: 'B' }])
  expect(targets.filter(({ reached }) => reached !== undefined)).toMatchObject([
    { what: 'core, Brotli', reached: false },
  ])
})

test('the page shows every case and every target that was measured', () => {
  const text = renderPage({
    workloads: [result(size('10,000 rules', 300.01, 150.005))],
    figures: undefined,
    runtimes: undefined,
    zanzibar: undefined,
    python: undefined,
  })
  expect(text).toMatch(/\| 10,000 rules +\| 300 ns +\| 150 ns \(0\.50 ×\)/)
  expect(text).toMatch(/mean at 10,000 rules +\| ≤ 300 ns +\| 300 ns +\| \*\*not reached\*\*/)
  expect(text).toContain('not figures to quote')
  expect(text).toContain('more were not measured')
})
