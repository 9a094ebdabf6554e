/** What is to be reached, and whether a run reached it, by the figures as measured, unrounded. */
import type { Figure } from './figures/figure.ts'
import type { EngineResult } from './harness/measure.ts'
import { conditionNs } from './report/condition.ts'
import { ours, type WorkloadResult } from './report/result.ts'
import type { ZanzibarRun } from './zanzibar/result.ts'
import { zanzibarRatio } from './zanzibar/table.ts'

export interface Target {
  readonly what: string
  readonly limit: string
  /** In the unit of the limit; undefined when this run did not measure it. */
  readonly measured: number | undefined
  readonly unit: Unit
  readonly reached: boolean | undefined
}

export type Unit = 'ns' | '×' | 'B' | 'ms' | '%' | 'M/s'

/** Looks figures up; undefined when the run did not measure them. */
interface Run {
  engine(workload: string, size: string, engine?: string): EngineResult | undefined
  /** Nanoseconds of a condition without the decision around it; undefined when the run did not measure it. */
  condition(size: string): number | undefined
  /** The cases of a workload; none when the run did not measure it. */
  sizes(workload: string): readonly string[]
  figure(name: string): number | undefined
  /** How many times as fast as the fastest engine in Go. */
  readonly zanzibar: number | undefined
}

type Row = readonly [what: string, bound: '≤' | '≥' | '<', limit: number, unit: Unit, measure: (run: Run) => Measured]
type Measured = number | undefined

const mean = (run: Run, workload: string, size: string, engine?: string) => run.engine(workload, size, engine)?.meanNs
const share = (run: Run, workload: string, size: string, percent: string) =>
  run.engine(workload, size)?.percentilesNs[percent]

/** The other's mean as a multiple of ours: how many times as fast we are. */
function faster(run: Run, workload: string, size: string, engine: string): Measured {
  return ratio(mean(run, workload, size, engine), mean(run, workload, size))
}

/** The geometric mean of that over the cases that both decide. */
function fasterOnAverage(run: Run, workload: string, engine: string): Measured {
  return geometricMean(run.sizes(workload).flatMap((size) => faster(run, workload, size, engine) ?? []))
}

/** How many times as fast our conditions are, without the decision around them, as another evaluator's. */
function conditionFasterOnAverage(run: Run, engine: string): Measured {
  return geometricMean(
    run.sizes('cel').flatMap((size) => ratio(mean(run, 'cel', size, engine), run.condition(size)) ?? []),
  )
}

function geometricMean(ratios: readonly number[]): Measured {
  return ratios.length === 0 ? undefined : Math.exp(ratios.reduce((sum, one) => sum + Math.log(one), 0) / ratios.length)
}

function ratio(a: Measured, b: Measured): Measured {
  return a === undefined || b === undefined ? undefined : a / b
}

const rows: readonly Row[] = [
  ['mean at 10,000 rules', '≤', 300, 'ns', (run) => mean(run, 'rbac-abac', '10,000 rules')],
  ['p99 at 10,000 rules', '≤', 1500, 'ns', (run) => share(run, 'rbac-abac', '10,000 rules', '99')],
  [
    'mean at 100,000 rules to mean at 1 rule',
    '≤',
    3,
    '×',
    (run) => ratio(mean(run, 'rbac-abac', '100,000 rules'), mean(run, 'rbac-abac', '1 rule')),
  ],
  [
    'mean at 1,000,000 rules to mean at 1 rule',
    '≤',
    5,
    '×',
    (run) => ratio(mean(run, 'rbac-abac', '1,000,000 rules'), mean(run, 'rbac-abac', '1 rule')),
  ],
  [
    'rule checks inside one call, worst case',
    '≥',
    100,
    'M/s',
    (run) => ratio(10_000 * 1000, mean(run, 'worst-case', '10,000 rules')),
  ],
  ...[
    ['made for the user', 'casl-user'],
    ['kept for each role', 'casl'],
  ].map(
    ([use, peer = '']): Row => [
      `as fast as CASL, ${use}, at 1,000 rules`,
      '≥',
      5,
      '×',
      (run) => faster(run, 'rbac-abac', '1,000 rules', peer),
    ],
  ),
  ['as fast as OPA at 1,000 rules', '≥', 15, '×', (run) => faster(run, 'rbac-abac', '1,000 rules', 'opa-wasm')],
  ['as fast as casbin at 1,000 rules', '≥', 3000, '×', (run) => faster(run, 'rbac-abac', '1,000 rules', 'casbin')],
  ['as fast as Cedar at 1,000 rules', '≥', 3000, '×', (run) => faster(run, 'rbac-abac', '1,000 rules', 'cedar-wasm')],
  [
    'as fast as AGT, rich, at 1,000 rules',
    '≥',
    3000,
    '×',
    (run) => faster(run, 'rbac-abac', '1,000 rules', 'agt-rich'),
  ],
  ...['100 rules', '1,000 rules'].map(
    (size): Row => [
      `mean to the JS index's at ${size}`,
      '≤',
      2,
      '×',
      (run) => ratio(mean(run, 'rbac-abac', size), mean(run, 'rbac-abac', size, 'js-index')),
    ],
  ),
  ...['10,000 rules', '100,000 rules', '1,000,000 rules'].map(
    (size): Row => [
      `mean to the JS index's at ${size}`,
      '<',
      1,
      '×',
      (run) => ratio(mean(run, 'rbac-abac', size), mean(run, 'rbac-abac', size, 'js-index')),
    ],
  ),
  ['agent tool calls, mean', '≤', 1000, 'ns', (run) => mean(run, 'tool-calls', '30 rules')],
  ['chain of three actors, mean', '≤', 400, 'ns', (run) => mean(run, 'chains', '24 rules')],
  ['relations over 1,000,000 tuples, p50', '≤', 2000, 'ns', (run) => share(run, 'relations', '1,000,000 tuples', '50')],
  [
    'relations over 1,000,000 tuples, p99',
    '≤',
    20_000,
    'ns',
    (run) => share(run, 'relations', '1,000,000 tuples', '99'),
  ],
  ['bytes a tuple', '≤', 40, 'B', (run) => run.figure('bytes a tuple')],
  ['as fast as the faster Zanzibar engine', '≥', 50, '×', (run) => run.zanzibar],
  ['a candidate of a list, mean', '≤', 80, 'ns', (run) => mean(run, 'listing', '1,000 candidates')],
  ['a candidate of a list of one type, mean', '≤', 80, 'ns', (run) => mean(run, 'listing', '1,000 of one type')],
  ...['250 bytes', '1 KB'].map(
    (size): Row => [
      `bytes to bytes to JSON.parse alone, ${size}`,
      '≤',
      0.4,
      '×',
      (run) => ratio(mean(run, 'bytes', size), mean(run, 'bytes', size, 'json-parse')),
    ],
  ),
  [
    'garbage of a decision in JavaScript',
    '≤',
    64,
    'B',
    (run) => run.engine('rbac-abac', '1,000 rules')?.heap.allocatedBytes,
  ],
  ['growth of linear memory over decisions', '≤', 0, 'B', (run) => run.figure('linear memory growth')],
  ['core, Brotli', '≤', 40_000, 'B', (run) => run.figure('core, Brotli')],
  ['edge engine, core included, gzip', '≤', 60_000, 'B', (run) => run.figure('edge engine, gzip')],
  ['loading an image of 10,000 rules', '≤', 3, 'ms', (run) => run.figure('load, 10,000 rules')],
  [
    'first decision in Node after instantiation, policies included',
    '≤',
    5,
    'ms',
    (run) => run.figure('first decision, Node'),
  ],
  ['first decision in workerd, policies included', '≤', 5, 'ms', (run) => run.figure('first decision, workerd')],
  ['compiling 10,000 rules after parsing', '≤', 300, 'ms', (run) => run.figure('compile, 10,000 rules')],
  ['linear memory a rule', '≤', 200, 'B', (run) => run.figure('memory a rule')],
  ['HTTP service to the same server with a constant', '≥', 80, '%', (run) => run.figure('HTTP service')],
  ['HTTP service to Node alone, which reads nothing', '≥', 80, '%', (run) => run.figure('HTTP service to Node alone')],
  ['the service through workerd to a constant there', '≥', 80, '%', (run) => run.figure('service in workerd')],
  [
    'CEL of five terms to the same in operators',
    '≤',
    1.5,
    '×',
    (run) => ratio(mean(run, 'cel', 'five terms'), mean(run, 'cel', 'five terms', 'operators')),
  ],
  ...['bufbuild-cel', 'marcbachmann-cel'].map(
    (name): Row => [
      `CEL: as fast as ${name}, geometric mean`,
      '≥',
      10,
      '×',
      (run) => fasterOnAverage(run, 'cel', name),
    ],
  ),
  [
    'the same of the condition alone, to bufbuild-cel',
    '≥',
    10,
    '×',
    (run) => conditionFasterOnAverage(run, 'bufbuild-cel'),
  ],
]

/** All targets, in the order in which they are listed. */
export function judge(
  results: readonly WorkloadResult[],
  figures: readonly Figure[],
  zanzibar?: ZanzibarRun,
): Target[] {
  const run: Run = {
    condition: (size) => {
      const engines = results
        .find((result) => result.workload === 'cel')
        ?.cases.find((one) => one.case === size)?.engines
      return engines && conditionNs(engines)
    },
    sizes: (workload) => results.find((one) => one.workload === workload)?.cases.map((one) => one.case) ?? [],
    engine: (workload, size, engine = ours) =>
      results.find((result) => result.workload === workload)?.cases.find((one) => one.case === size)?.engines[engine],
    zanzibar: zanzibarRatio(zanzibar, results),
    figure: (name) => figures.find((figure) => figure.name === name)?.value,
  }
  return rows.map(([what, bound, limit, unit, measure]) => {
    const measured = measure(run)
    const reached = measured === undefined ? undefined : holds(measured, bound, limit)
    return { what, limit: `${bound} ${limit.toLocaleString('en')} ${unit}`, measured, unit, reached }
  })
}

function holds(measured: number, bound: Row[1], limit: number): boolean {
  if (bound === '<') return measured < limit
  return bound === '≤' ? measured <= limit : measured >= limit
}
