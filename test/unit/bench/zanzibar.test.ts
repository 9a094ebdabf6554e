import { expect, test } from 'vitest'
import { describeMachine } from '../../../bench/machine.ts'
import { readOptions } from '../../../bench/options.ts'
import type { WorkloadResult } from '../../../bench/report/result.ts'
import { judge } from '../../../bench/targets.ts'
import type { ZanzibarRun, ZanzibarTimes } from '../../../bench/zanzibar/result.ts'
import { renderZanzibar } from '../../../bench/zanzibar/table.ts'

function times(engine: string, tuples: number, wallNs: number, processorNs: number): ZanzibarTimes {
  return {
    engine,
    version: 'v1.0.0',
    tuples,
    compared: 2000,
    loadMs: 1500,
    heapBytes: 5e7,
    meanNs: wallNs,
    percentilesNs: { '50': wallNs, '99': 2 * wallNs },
    processorMeanNs: processorNs,
    againMeanNs: wallNs / 10,
  }
}

/** What ours took for a decision, in nanoseconds: by its thread, and twice as long by the clock. */
function ours(means: Readonly<Record<string, number>>): WorkloadResult {
  const cases = Object.entries(means).map(([name, meanNs]) => ({
    case: name,
    rules: 1,
    requests: 10,
    perCall: 1,
    allowed: 10,
    severalRules: 0,
    mix: { 'allow matched': 10 },
    timerNs: 30,
    yardstickNs: [1],
    compared: {},
    engines: {
      sallyport: {
        meanNs,
        roundMeansNs: [meanNs],
        wallMeanNs: 2 * meanNs,
        freshMeanNs: meanNs,
        percentilesNs: { '50': 4 * meanNs },
        samples: 1,
        heap: { allocatedBytes: 8, retainedBytes: 0, decisions: 1 },
        preparation: { totalMs: 1, firstDecisionUs: 1 },
      },
    },
  }))
  const run = { seed: 1, command: 'npm run bench', rounds: 1, roundMs: 1, quick: false, machine: describeMachine() }
  return { workload: 'relations', description: 'relations', cases, ...run }
}

const run: ZanzibarRun = {
  command: 'npm run bench -- --workload zanzibar',
  machine: describeMachine(),
  seed: 1,
  engines: [
    times('spicedb', 20_000, 1000, 900),
    times('openfga-indexed', 100_000, 800_000, 900_000),
    times('spicedb-indexed', 100_000, 900_000, 700_000),
    {
      engine: 'spicedb',
      version: 'v1.0.0',
      tuples: 100_000,
      leftOut: 'stopped after 2m0s, loading: 5 of 100000 tuples',
    },
  ],
}
const workloads = [ours({ '20,000 tuples': 1000, '100,000 tuples': 1000, '1,000,000 tuples': 1 })]

const target = (zanzibar?: ZanzibarRun) =>
  judge(workloads, [], zanzibar).find(({ what }) => what === 'as fast as the faster Zanzibar engine')

test('judged by the fastest engine at the largest size that both have, by the less of its two means', () => {
  expect(target(run)).toMatchObject({ measured: 700, reached: true })
  expect(target({ ...run, engines: run.engines.slice(0, 1) })).toMatchObject({ measured: 0.9, reached: false })
})

test('without figures there is no verdict', () => {
  expect(target()?.measured).toBeUndefined()
  expect(target({ ...run, engines: run.engines.slice(3) })?.measured).toBeUndefined()
})

test('each time stands beside ours by the same clock, and what was left out has its line', () => {
  const text = renderZanzibar(run, workloads)
  expect(text).toMatch(
    /\| 100,000 \| spicedb-indexed v1\.0\.0 \| 700 µs \(700 ×\) +\| 900 µs \(450 ×\) +\| 900 µs \(225 ×\) +\| 1\.80 ms +\| 90\.0 µs /,
  )
  expect(text).toContain('- left out: spicedb over 100,000 tuples: stopped after 2m0s, loading: 5 of 100000 tuples')
  expect(text).toContain('- spicedb-indexed: over a map')
  expect(text).not.toContain('sqlite')
})

test('a short run has no engines in Go unless they are named', () => {
  expect(readOptions([])?.zanzibar).toBe(true)
  expect(readOptions(['--quick'])?.zanzibar).toBe(false)
  expect(readOptions(['--quick', '--workload', 'zanzibar'])).toMatchObject({ zanzibar: true, workloads: [] })
  expect(readOptions(['--workload', 'relations'])).toMatchObject({ zanzibar: false, workloads: ['relations'] })
})
