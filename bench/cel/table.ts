import type { Measured } from './measure.ts'

const others = ['@bufbuild/cel', 'cel-js', '@marcbachmann/cel-js']

/** A row for each expression: nanoseconds, and how many decisions we make while one of the others evaluates once. */
export function table(measured: readonly Measured[]): string {
  const names = others.map((name) => `\`${name}\``)
  const columns = ['decision', 'of many', 'structured', ...names, ...names.map((name) => `${name} / decision`)]
  const lines = [`| expression | ${columns.join(' | ')} |`, `| --- |${' ---: |'.repeat(columns.length)}`]
  for (const { name, ns } of measured) {
    const times = [ns.decision, ns.many, ns.structured, ...others.map((other) => ns[other])].map(rounded)
    lines.push(`| ${[name, ...times, ...others.map((other) => factor(ratio(ns, other)))].join(' | ')} |`)
  }
  lines.push('', 'Geometric means:', '')
  for (const other of others) {
    const ratios = measured.map(({ ns }) => ratio(ns, other)).filter((value) => value !== undefined)
    const mean = Math.exp(ratios.reduce((sum, value) => sum + Math.log(value), 0) / ratios.length)
    const range = `from ${factor(Math.min(...ratios))} to ${factor(Math.max(...ratios))}`
    lines.push(`- \`${other}\` / decision: ${factor(mean)}, ${range}`)
  }
  const unable = measured.flatMap(({ name, unable: reasons }) => reasons.map((reason) => `- ${name}: ${reason}`))
  if (unable.length > 0) lines.push('', 'Not evaluated:', '', ...unable)
  return lines.join('\n')
}

function ratio(ns: Measured['ns'], other: string): number | undefined {
  const [theirs, ours] = [ns[other], ns.decision]
  return theirs === undefined || ours === undefined ? undefined : theirs / ours
}

function rounded(ns: number | undefined): string {
  return ns === undefined ? '' : Math.round(ns).toLocaleString('en')
}

function factor(value: number | undefined): string {
  return value === undefined ? '' : `${value.toFixed(1)} ×`
}
