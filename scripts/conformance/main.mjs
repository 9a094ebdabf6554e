/** Runs the AuthZEN certification scenario against the built service in each runtime: see --help. */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { freePort } from '../../test/runtimes/ports.mjs'
import { withWorker } from '../../test/runtimes/wrangler.mjs'

const HELP = `Serves the policies of examples/records with the built package, and runs the OpenID AuthZEN 1.0 certification
scenario (test/conformance/authzen/run.mjs) against it over HTTP.

  npm run conformance [-- --runtime NAME]

NAME is node, deno, bun or workerd; without it, all of them. The last line is "N passed, N failed". Exit code: 0 when
nothing failed, 1 when something did, 2 for wrong usage.

Example: npm run conformance -- --runtime workerd`

const root = fileURLToPath(new URL('../..', import.meta.url))
process.chdir(root)
const script = 'scripts/conformance/serve.mjs'
const bin = (name) => join('node_modules', '.bin', name)
// The YAML parser of Deno asks for two variables when it is loaded; policies are read from files.
const denoRights = ['--allow-env', '--allow-read', '--allow-net=127.0.0.1']

/** Runtime → what serves there while `use` runs with its URL. */
const runtimes = {
  node: (use) => withProcess(process.execPath, [script], use),
  deno: (use) =>
    withProcess(bin('deno'), ['run', '--node-modules-dir=manual', '--no-prompt', ...denoRights, script], use),
  bun: (use) => withProcess(bin('bun'), [script], use),
  workerd: (use) => withWorker('scripts/conformance/worker/wrangler.jsonc', use),
}

process.exitCode = await main()

async function main() {
  const options = { runtime: { type: 'string' }, help: { type: 'boolean', short: 'h' } }
  const { values, error } = read(options)
  if (error !== undefined || (values.runtime !== undefined && !(values.runtime in runtimes))) {
    console.error(`${error ?? `there is no runtime ${values.runtime}`}\n\n${HELP}`)
    return 2
  }
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const total = { passed: 0, failed: 0 }
  for (const [name, withService] of Object.entries(runtimes)) {
    if (values.runtime !== undefined && values.runtime !== name) continue
    const { passed, failed } = await withService(runScenario).catch((fault) => {
      console.log(`${name}: ${fault.stack ?? fault}`)
      return { passed: 0, failed: 1 }
    })
    console.log(`${name.padEnd(8)} ${passed} passed, ${failed} failed`)
    total.passed += passed
    total.failed += failed
  }
  // For .ci/run, which adds up.
  mkdirSync('build/test', { recursive: true })
  writeFileSync('build/test/conformance-runtimes.json', JSON.stringify(total))
  console.log(`${total.passed} passed, ${total.failed} failed`)
  return total.failed === 0 && total.passed > 0 ? 0 : 1
}

function read(options) {
  try {
    return parseArgs({ options })
  } catch (error) {
    return { values: {}, error: error.message }
  }
}

/** The scenario tells each failure in a line, and at last the counts. */
async function runScenario(url) {
  const { output } = await run(process.execPath, ['test/conformance/authzen/run.mjs', url])
  const counts = /(\d+) passed, (\d+) failed\s*$/.exec(output)
  if (counts === null) throw new Error(`the scenario did not come to its end:\n${output}`)
  for (const line of output.split('\n')) if (line.startsWith('FAIL')) console.log(`  ${line}`)
  return { passed: Number(counts[1]), failed: Number(counts[2]) }
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
}

/** A server as a process of its own, told its port; it is ready when it answers. */
async function withProcess(command, args, use) {
  const port = await freePort()
  const child = spawn(command, [...args, String(port)], { stdio: ['ignore', 'inherit', 'inherit'] })
  let ended = false
  const exit = new Promise((resolve) => {
    const end = () => {
      ended = true
      resolve()
    }
    child.once('exit', end).once('error', end)
  })
  try {
    const url = `http://127.0.0.1:${port}`
    for (let attempt = 0; !(await answers(url)); attempt++) {
      if (ended || attempt > 300) throw new Error(`${command} does not serve`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    return await use(url)
  } finally {
    child.kill('SIGTERM')
    await exit
  }
}

async function answers(url) {
  try {
    return (await fetch(`${url}/readyz`)).ok
  } catch {
    return false
  }
}
