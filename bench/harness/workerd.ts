/**
 * A Worker in workerd itself. `wrangler dev` puts a proxy of its own in front of the Worker, which takes far longer than ours does: throughput
 * behind it is that of the proxy.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** How modules are embedded, by the ends of their names; whatever else wrangler writes is no part of the Worker. */
const kinds: Readonly<Record<string, string>> = { '.js': 'esModule', '.wasm': 'wasm', '.image': 'data' }

/**
 * Bundles the Worker of a wrangler configuration as it would be deployed, runs it, and passes its URL to `use`; with a clock, in milliseconds, of how
 * long workerd itself ran, which what else runs on the machine does not count into. Where the system does not tell, it is the one on the wall.
 *
 * @param folder where the bundle is kept meanwhile
 */
export async function withWorkerd<T>(
  config: string,
  folder: string,
  use: (url: string, clock: () => Promise<number>) => Promise<T>,
): Promise<T> {
  const own = await mkdtemp(resolve(folder, 'workerd-'))
  let server: ChildProcess | undefined
  try {
    const env = { ...process.env, WRANGLER_SEND_METRICS: 'false' }
    const wrangler = [
      'node_modules/wrangler/bin/wrangler.js',
      'deploy',
      '--dry-run',
      '--config',
      config,
      '--outdir',
      own,
    ]
    await run(process.execPath, wrangler, { env })
    const { freePort }: { freePort(): Promise<number> } = await import('../../test/runtimes/ports.mjs' as string)
    const port = await freePort()
    await writeFile(join(own, 'config.capnp'), configOf(await readdir(own), await dateOf(config), port))
    server = spawn('node_modules/workerd/bin/workerd', ['serve', join(own, 'config.capnp')], { stdio: 'inherit' })
    const url = `http://127.0.0.1:${port}`
    await untilServing(url, server)
    const { pid } = server
    return await use(url, () => processTime(pid))
  } finally {
    await stop(server)
    await rm(own, { recursive: true, force: true })
  }
}

/** A configuration of workerd: https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp */
function configOf(files: readonly string[], date: string, port: number): string {
  const modules = files.flatMap((file) => {
    const kind = Object.entries(kinds).find(([end]) => file.endsWith(end))?.[1]
    return kind === undefined ? [] : [`(name = "${file}", ${kind} = embed "${file}")`]
  })
  // The first module is the one that runs.
  modules.sort((a, b) => Number(b.includes('"index.js"')) - Number(a.includes('"index.js"')))
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const main :Workerd.Worker = (modules = [${modules.join(', ')}], compatibilityDate = "${date}");
`
}

async function dateOf(config: string): Promise<string> {
  const [, date] = /"compatibility_date": "([\d-]+)"/.exec(await readFile(config, 'utf8')) ?? []
  if (date === undefined) throw new Error(`${config} has no compatibility_date`)
  return date
}

async function untilServing(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + 30_000
  while (Date.now() < deadline) {
    if (server.exitCode !== null) throw new Error('workerd ended before it served')
    try {
      await (await fetch(url)).arrayBuffer()
      return
    } catch {
      await new Promise((done) => setTimeout(done, 50))
    }
  }
  throw new Error('workerd did not serve within 30 s')
}

/** The time that all threads of a process ran, by Linux; in milliseconds. */
async function processTime(pid: number | undefined): Promise<number> {
  try {
    const tasks = `/proc/${pid}/task`
    const texts = await Promise.all(
      (await readdir(tasks)).map((task) => readFile(`${tasks}/${task}/schedstat`, 'utf8').catch(() => '0')),
    )
    return texts.reduce((sum, text) => sum + Number.parseInt(text, 10) / 1e6, 0)
  } catch {
    return performance.now()
  }
}

async function stop(server: ChildProcess | undefined): Promise<void> {
  if (server === undefined || server.exitCode !== null) return
  const ended = new Promise((done) => server.once('exit', done))
  server.kill()
  await ended
}
