/** Starts the service as a newcomer does, on a free port, and runs the conformance suite against it. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { freePort } from '../test/runtimes/ports.mjs'

const port = await freePort()
const url = `http://127.0.0.1:${port}`
const service = spawn('npm', ['start', '--', '--port', String(port)], { stdio: 'inherit', detached: true })
const exit = new Promise((resolve) => service.once('exit', resolve))
let passed = 0
let failed = 1
try {
  await ready()
  const { stdout } = spawnSync(process.execPath, ['test/conformance/authzen/run.mjs', url], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  console.log(stdout)
  const counts = /(\d+) passed, (\d+) failed\s*$/.exec(stdout)
  if (counts === null) throw new Error('the conformance suite did not come to its end')
  passed = Number(counts[1])
  failed = Number(counts[2])
} finally {
  // To the group, as Ctrl-C does.
  process.kill(-service.pid, 'SIGINT')
  await exit
}
if (await reachable()) {
  console.error('the service went on after Ctrl-C')
  failed++
} else passed++

mkdirSync('build/test', { recursive: true })
writeFileSync('build/test/conformance.json', JSON.stringify({ passed, failed }))
process.exitCode = failed === 0 ? 0 : 1

async function ready() {
  let ended = false
  exit.then(() => {
    ended = true
  })
  for (let attempt = 0; attempt < 300 && !ended; attempt++) {
    if (await reachable()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('npm start does not serve')
}

async function reachable() {
  try {
    return (await fetch(`${url}/readyz`)).ok
  } catch {
    return false
  }
}
