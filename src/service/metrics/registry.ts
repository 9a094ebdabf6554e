/** Counters, gauges and histograms, and their text for Prometheus (exposition format 0.0.4). */

export type Labels = readonly string[]

interface Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly labels: readonly string[]
}

/** Label values that clients bring are many; a metric has so many rows at most, and one for all others. */
const MOST_SERIES = 1000
const OTHER = 'other'

class Series<T> {
  readonly family: Family
  readonly #rows = new Map<string, { readonly labels: Labels; value: T }>()
  readonly #fresh: () => T

  constructor(family: Family, fresh: () => T) {
    this.family = family
    this.#fresh = fresh
  }

  update(labels: Labels, change: (value: T) => T): void {
    const row = this.#row(labels)
    row.value = change(row.value)
  }

  clear(): void {
    this.#rows.clear()
  }

  get rows(): Iterable<{ readonly labels: Labels; readonly value: T }> {
    return this.#rows.values()
  }

  #row(labels: Labels): { readonly labels: Labels; value: T } {
    const key = JSON.stringify(labels)
    const found = this.#rows.get(key)
    if (found !== undefined) return found
    if (this.#rows.size >= MOST_SERIES && labels.some((label) => label !== OTHER)) {
      return this.#row(labels.map(() => OTHER))
    }
    const row = { labels, value: this.#fresh() }
    this.#rows.set(key, row)
    return row
  }
}

interface Spread {
  readonly counts: number[]
  sum: number
}

export class Registry {
  readonly #written: (() => string)[] = []

  counter(name: string, help: string, labels: readonly string[]): (values: Labels) => void {
    const series = this.#numbers({ name, help, type: 'counter', labels })
    return (values) => series.update(values, (value) => value + 1)
  }

  /** @param read gives all rows, whenever the metrics are asked for */
  gauge(name: string, help: string, labels: readonly string[], read: () => Iterable<readonly [Labels, number]>): void {
    const series = new Series<number>({ name, help, type: 'gauge', labels }, () => 0)
    this.#written.push(() => {
      series.clear()
      for (const [values, value] of read()) series.update(values, () => value)
      return numbersText(series)
    })
  }

  /** @param bounds the upper ends of the buckets, ascending */
  histogram(
    name: string,
    help: string,
    labels: readonly string[],
    bounds: readonly number[],
  ): (values: Labels, observed: number) => void {
    const fresh = (): Spread => ({ counts: Array<number>(bounds.length + 1).fill(0), sum: 0 })
    const series = new Series<Spread>({ name, help, type: 'histogram', labels }, fresh)
    this.#written.push(() => spreadText(series, bounds))
    return (values, observed) =>
      series.update(values, (spread) => {
        const at = bounds.findIndex((bound) => observed <= bound)
        const bucket = at === -1 ? bounds.length : at
        spread.counts[bucket] = (spread.counts[bucket] ?? 0) + 1
        spread.sum += observed
        return spread
      })
  }

  text(): string {
    return this.#written.map((write) => write()).join('')
  }

  #numbers(family: Family): Series<number> {
    const series = new Series<number>(family, () => 0)
    this.#written.push(() => numbersText(series))
    return series
  }
}

function numbersText({ family, rows }: Series<number>): string {
  let text = headOf(family)
  for (const { labels, value } of rows) text += `${family.name}${labelText(family.labels, labels)} ${value}\n`
  return text
}

function spreadText({ family, rows }: Series<Spread>, bounds: readonly number[]): string {
  let text = headOf(family)
  for (const { labels, value } of rows) {
    let total = 0
    for (const [i, count] of value.counts.entries()) {
      total += count
      const bound = i < bounds.length ? String(bounds[i]) : '+Inf'
      text += `${family.name}_bucket${labelText([...family.labels, 'le'], [...labels, bound])} ${total}\n`
    }
    text += `${family.name}_sum${labelText(family.labels, labels)} ${value.sum}\n`
    text += `${family.name}_count${labelText(family.labels, labels)} ${total}\n`
  }
  return text
}

function headOf({ name, help, type }: Family): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
}

function labelText(names: readonly string[], values: Labels): string {
  const pairs = names.map((name, i) => `${name}="${escapeLabel(values[i] ?? '')}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
