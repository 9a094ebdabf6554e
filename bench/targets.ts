/** What is to be reached on the rbac-abac workload, and whether it was, by the figures as measured, unrounded. */
import type { SizeResult } from './harness.ts'

export interface Target {
  readonly what: string
  readonly limit: string
  /** The figure, or undefined when this run did not measure it. */
  readonly measured: number | undefined
  readonly unit: 'ns' | '×'
  readonly reached: boolean | undefined
}

const ours = 'sallyport'
const opponent = 'js-index'
/** From this many rules on, sallyport is to be ahead of the hand-written index. */
const aheadFrom = 10_000

export function rbacAbacTargets(sizes: readonly SizeResult[]): Target[] {
  const mean = (rules: number, engine: string) => sizes.find((size) => size.rules === rules)?.engines[engine]?.meanNs
  const largest = ratio(mean(100_000, ours), mean(1, ours))
  const targets = [
    target('mean at 10,000 rules', '≤ 500', mean(10_000, ours), 'ns', (ns) => ns <= 500),
    target('mean at 100,000 rules to mean at 1 rule', '≤ 3', largest, '×', (x) => x <= 3),
  ]
  for (const { rules } of sizes) {
    const measured = ratio(mean(rules, ours), mean(rules, opponent))
    const what = `mean to the JS index's at ${rules.toLocaleString('en')} ${rules === 1 ? 'rule' : 'rules'}`
    targets.push(
      rules >= aheadFrom
        ? target(what, '< 1', measured, '×', (x) => x < 1)
        : target(what, '≤ 2.5', measured, '×', (x) => x <= 2.5),
    )
  }
  return targets
}

function target(
  what: string,
  limit: string,
  measured: number | undefined,
  unit: 'ns' | '×',
  holds: (measured: number) => boolean,
): Target {
  return {
    what,
    limit: `${limit} ${unit}`,
    measured,
    unit,
    reached: measured === undefined ? undefined : holds(measured),
  }
}

function ratio(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a / b
}
