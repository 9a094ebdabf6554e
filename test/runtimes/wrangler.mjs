/** A Worker under `wrangler dev`: real workerd with its rules, where eval and compiling WebAssembly are refused. */
import { spawn } from 'node:child_process'
import { freePort } from './ports.mjs'

const startTimeout = 90_000

/**
 * Starts the Worker of a configuration file, passes its URL to `use`, and stops it whatever happens.
 *
 * @param more further arguments of `wrangler dev`
 */
export async function withWorker(config, use, ...more) {
  const port = await freePort()
  const args = ['node_modules/wrangler/bin/wrangler.js', 'dev', '--config', config, '--port', String(port)]
  args.push(
    '--ip',
    '127.0.0.1',
    '--inspector-port',
    String(await freePort()),
    '--show-interactive-dev-session=false',
    ...more,
  )
  const child = spawn(process.execPath, args, {
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, to stop workerd with it.
    detached: true,
  })
  const output = []
  child.stdout.on('data', (chunk) => output.push(chunk))
  child.stderr.on('data', (chunk) => output.push(chunk))
  let exited = false
  const exit = new Promise((resolve) => child.once('exit', resolve)).then(() => {
    exited = true
  })
  try {
    const url = `http://127.0.0.1:${port}`
    await waitFor(url, () => exited)
    return await use(url)
  } catch (error) {
    throw new Error(`${error.message}\nwrangler said:\n${Buffer.concat(output)}`)
  } finally {
    stop(child, 'SIGTERM')
    const force = setTimeout(() => stop(child, 'SIGKILL'), 5000)
    await exit
    clearTimeout(force)
  }
}

function stop(child, signal) {
  try {
    process.kill(-child.pid, signal)
  } catch {
    // It is gone already.
  }
}

async function waitFor(url, exited) {
  const deadline = Date.now() + startTimeout
  while (Date.now() < deadline) {
    if (exited()) throw new Error('wrangler dev ended before it served')
    try {
      await fetch(url, { signal: AbortSignal.timeout(30_000) })
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  throw new Error(`wrangler dev did not serve within ${startTimeout / 1000} s`)
}
