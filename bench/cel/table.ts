import type { Measured } from './measure.ts'

const others = ['@marcbachmann/cel-js', '@bufbuild/cel', 'cel-js']

/** A row for each expression: nanoseconds, and how often we are as fast as the fastest of the others. */
export function table(measured: readonly Measured[]): string {
  const columns = [
    'decision',
    'of many',
    'structured',
    ...others.map((name) => `\`${name}\``),
    'fastest / decision',
    'fastest / of many',
  ]
  const lines = [`| expression | ${columns.join(' | ')} |`, `| --- |${' ---: |'.repeat(columns.length)}`]
  const ratios: number[] = []
  for (const { name, ns } of measured) {
    const fastest = Math.min(...others.map((other) => ns[other] ?? Number.POSITIVE_INFINITY))
    const { decision = Number.NaN, many = Number.NaN } = ns
    ratios.push(fastest / decision)
    const times = [decision, many, ns.structured, ...others.map((other) => ns[other])].map(rounded)
    lines.push(`| ${[name, ...times, factor(fastest / decision), factor(fastest / many)].join(' | ')} |`)
  }
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length)
  lines.push('', `Geometric mean of fastest / decision: ${factor(mean)}; least ${factor(Math.min(...ratios))}.`)
  const unable = measured.flatMap(({ name, unable: reasons }) => reasons.map((reason) => `- ${name}: ${reason}`))
  if (unable.length > 0) lines.push('', 'Not evaluated:', '', ...unable)
  return lines.join('\n')
}

function rounded(ns: number | undefined): string {
  return ns === undefined ? '' : Math.round(ns).toLocaleString('en')
}

function factor(value: number): string {
  return `${value.toFixed(1)} ×`
}
