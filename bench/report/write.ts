/** Writes the results: a file for programs and plots for each workload, one page for people. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Figure } from '../figures/figure.ts'
import { plotsOf } from '../plots/plots.ts'
import { renderPage } from './page.ts'
import type { WorkloadResult } from './result.ts'

/** Writes `WORKLOAD.json` and plots for each result, `figures.json` and one `README.md`; the paths written. */
export async function writeReport(
  folder: string,
  results: readonly WorkloadResult[],
  figures: readonly Figure[],
): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const files = results.map((result): [string, string] => [
    join(folder, `${result.workload}.json`),
    `${JSON.stringify(result, null, 2)}\n`,
  ])
  for (const result of results)
    files.push(...[...plotsOf(result)].map(([name, svg]): [string, string] => [join(folder, name), svg]))
  if (figures.length > 0) files.push([join(folder, 'figures.json'), `${JSON.stringify(figures, null, 2)}\n`])
  files.push([join(folder, 'README.md'), `${renderPage(results, figures)}\n`])
  for (const [path, text] of files) await writeFile(path, text)
  return files.map(([path]) => path)
}
