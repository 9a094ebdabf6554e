/** Writes the results: a file for programs and plots for each workload, one page for people. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FiguresResult } from '../figures/figure.ts'
import { plotsOf } from '../plots/plots.ts'
import type { PythonRun } from '../python/result.ts'
import { workloads } from '../workloads/index.ts'
import type { ZanzibarRun } from '../zanzibar/result.ts'
import { renderPage } from './page.ts'
import type { WorkloadResult } from './result.ts'
import type { RuntimesResult } from './runtimes.ts'

/** All that a folder of results holds. */
export interface Results {
  readonly workloads: readonly WorkloadResult[]
  readonly figures: FiguresResult | undefined
  readonly runtimes: RuntimesResult | undefined
  readonly zanzibar: ZanzibarRun | undefined
  readonly python: PythonRun | undefined
}

/** Writes `WORKLOAD.json` and its plots. */
export async function writeWorkload(folder: string, result: WorkloadResult): Promise<void> {
  await writeJson(folder, result.workload, result)
  for (const [name, svg] of plotsOf(result)) await writeFile(join(folder, name), svg)
}

/** Writes `NAME.json`. */
export async function writeJson(folder: string, name: string, content: object): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(content, null, 2)}\n`)
}

/** Makes `README.md` anew of everything in the folder, so that a run of one workload leaves the others on the page; its text. */
export async function writePage(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const page = renderPage(await readResults(folder))
  await writeFile(join(folder, 'README.md'), `${page}\n`)
  return page
}

/** What a folder holds, workloads in their usual order. */
export async function readResults(folder: string): Promise<Results> {
  const names = new Set(await readdir(folder))
  const read = async <T>(name: string): Promise<T | undefined> => {
    if (!names.has(`${name}.json`)) return undefined
    return JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8'))
  }
  const found = await Promise.all(workloads.map(({ name }) => read<WorkloadResult>(name)))
  return {
    workloads: found.filter((result) => result !== undefined),
    figures: await read('figures'),
    runtimes: await read('runtimes'),
    zanzibar: await read('zanzibar'),
    python: await read('python'),
  }
}
