/** How each runtime runs the short benchmark. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { median } from '../harness/statistics.ts'

export interface RuntimeFigures {
  /** The mean of a decision. */
  readonly meanNs: number
  /** From an image to its first decision, the package loaded. */
  readonly firstMs: number
}

export interface Runtime {
  readonly name: string
  version(): Promise<string>
  run(): Promise<RuntimeFigures>
}

const call = promisify(execFile)
const script = 'bench/runtimes/script.mjs'
const local = (name: string) => join('node_modules', '.bin', name)

const node: Runtime = {
  name: 'Node',
  version: async () => process.versions.node,
  run: async () => JSON.parse((await call(process.execPath, [script])).stdout),
}

const deno: Runtime = {
  name: 'Deno',
  version: async () => (await call(local('deno'), ['--version'])).stdout.split(/\s+/)[1] ?? '',
  run: async () =>
    JSON.parse((await call(local('deno'), ['run', '--node-modules-dir=manual', '--no-prompt', script])).stdout),
}

const bun: Runtime = {
  name: 'Bun',
  version: async () => (await call(local('bun'), ['--version'])).stdout.trim(),
  run: async () => JSON.parse((await call(local('bun'), [script])).stdout),
}

const workerd: Runtime = {
  name: 'workerd',
  version: async () => JSON.parse(readFileSync('node_modules/workerd/package.json', 'utf8')).version,
  async run() {
    const { withWorker }: { withWorker: WithWorker } = await import('../../test/runtimes/wrangler.mjs' as string)
    return withWorker('bench/runtimes/worker/wrangler.jsonc', async (url) => {
      for (let i = 0; i < 20; i++) await timeOf(`${url}/`)
      const empty = median(await several(20, () => timeOf(`${url}/`)))
      const first = (await timeOf(`${url}/?passes=0`)) - empty
      await several(5, () => timeOf(`${url}/?passes=200`))
      const [few, many] = [10, 210]
      const means = await several(9, async () => {
        const short = await timeOf(`${url}/?passes=${few}`)
        const long = await timeOf(`${url}/?passes=${many}`)
        return ((long - short) * 1e6) / ((many - few) * requestCount())
      })
      return { meanNs: median(means), firstMs: first }
    })
  },
}

const chromium: Runtime = {
  name: 'Chromium',
  version: () => withPage(async (_page, version) => version),
  async run() {
    const bundle = await build({ entryPoints: ['bench/runtimes/page.mjs'], bundle: true, format: 'esm', write: false })
    const server = createServer((request, response) => {
      const isScript = request.url === '/suite.js'
      response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html')
      response.end(
        isScript ? bundle.outputFiles[0]!.contents : '<!doctype html><script type="module" src="/suite.js"></script>',
      )
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    try {
      return await withPage(async (page) => {
        await page.goto(`http://127.0.0.1:${port}/`)
        await page.waitForFunction(() => 'report' in globalThis)
        return page.evaluate(() => (globalThis as unknown as { report: Promise<RuntimeFigures> }).report)
      })
    } finally {
      server.close()
    }
  },
}

export const runtimes: readonly Runtime[] = [node, deno, bun, workerd, chromium]

type WithWorker = <T>(config: string, use: (url: string) => Promise<T>) => Promise<T>
type OpenPage = <T>(use: (page: import('playwright-core').Page, version: string) => Promise<T>) => Promise<T>

async function withPage<T>(
  use: Parameters<OpenPage>[0] & ((page: import('playwright-core').Page, version: string) => Promise<T>),
): Promise<T> {
  const { openPage }: { openPage: OpenPage } = await import('../../test/runtimes/chromium.mjs' as string)
  return openPage(use) as Promise<T>
}

async function timeOf(url: string): Promise<number> {
  const start = performance.now()
  const response = await fetch(url)
  const text = await response.text()
  if (!response.ok) throw new Error(`the Worker answered ${response.status}: ${text.slice(0, 500)}`)
  return performance.now() - start
}

async function several(times: number, measure: () => Promise<number>): Promise<number[]> {
  const results: number[] = []
  for (let i = 0; i < times; i++) results.push(await measure())
  return results
}

/** Of the data that the scripts read. */
function requestCount(): number {
  if (!existsSync('build/bench/runtimes.json')) return 0
  return JSON.parse(readFileSync('build/bench/runtimes.json', 'utf8')).requests.length
}
