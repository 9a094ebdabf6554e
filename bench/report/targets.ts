/** The table of targets. */
import type { Target } from '../targets.ts'
import { markdownTable } from './markdown.ts'

/** Those that the run measured; how many it did not is said below. */
export function renderTargets(targets: readonly Target[]): string {
  const measured = targets.filter((target) => target.measured !== undefined)
  const rows = measured.map(({ what, limit, measured: figure = Number.NaN, unit, reached }) => [
    what,
    limit,
    `${formatFigure(figure)} ${unit}`,
    reached ? 'reached' : '**not reached**',
  ])
  const left = targets.length - measured.length
  return [
    markdownTable(['target', 'limit', 'measured', ''], rows),
    ...(left > 0 ? [`${left} more were not measured in this run.`] : []),
  ].join('\n\n')
}

function formatFigure(figure: number): string {
  if (Math.abs(figure) >= 1000) return Math.round(figure).toLocaleString('en')
  return figure.toPrecision(3)
}
