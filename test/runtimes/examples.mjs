/** Every example is started the way its reader would, and asked one thing. */
import { execFileSync, spawn } from 'node:child_process'
import { openPage } from './chromium.mjs'
import { freePort } from './ports.mjs'
import { withWorker } from './wrangler.mjs'

export const examples = {
  'example node': exampleNode,
  'example worker': exampleWorker,
  'example browser': exampleBrowser,
}

async function exampleNode() {
  const output = execFileSync(process.execPath, ['examples/node/main.mjs'], { encoding: 'utf8' })
  return outcome('example node', {
    'prints three decisions': output === 'read  allow\nwrite deny - the document is frozen\nwrite allow\n' || output,
  })
}

async function exampleWorker() {
  const ask = async (url, action) => {
    const response = await fetch(`${url}/access/v1/evaluation`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        subject: { type: 'user', id: 'ann' },
        action: { name: action },
        resource: { type: 'page', id: '1' },
      }),
    })
    return { status: response.status, body: await response.json() }
  }
  return withWorker('examples/worker/wrangler.jsonc', async (url) => {
    const [read, publish, wrong] = [await ask(url, 'read'), await ask(url, 'publish'), await ask(url, 7)]
    const metadata = await (await fetch(`${url}/.well-known/authzen-configuration`)).json()
    return outcome('example worker', {
      'allows read': (read.status === 200 && read.body.decision === true) || JSON.stringify(read),
      'reviews publish': (publish.status === 200 && publish.body.decision === false) || JSON.stringify(publish),
      'refuses a bad request': wrong.status === 400 || JSON.stringify(wrong),
      'describes itself': metadata.policy_decision_point === url || JSON.stringify(metadata),
    })
  })
}

async function exampleBrowser() {
  const port = await freePort()
  const server = spawn(process.execPath, ['examples/browser/serve.mjs'], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await new Promise((resolve, reject) => {
      server.stdout.once('data', resolve)
      server.once('exit', () => reject(new Error('examples/browser/serve.mjs ended before it served')))
    })
    return await openPage(async (page) => {
      const shows = async (start) => {
        const output = page.locator('output')
        await output.filter({ hasText: start }).waitFor()
        return true
      }
      await page.goto(`http://127.0.0.1:${port}/`)
      const allowed = await shows('allow: ')
      await page.locator('#request').evaluate((field) => {
        field.value = field.value.replace('false', 'true')
        field.dispatchEvent(new Event('input'))
      })
      const denied = await shows('deny: drafts are not for everyone')
      await page.locator('#policies').fill('version: 1\nrules: 7')
      const refused = await shows('E_')
      return outcome('example browser', { allows: allowed, 'denies drafts': denied, 'shows mistakes': refused })
    })
  } finally {
    server.kill()
  }
}

/** Steps that are true passed; any other value is what was found instead. */
function outcome(name, steps) {
  const failures = Object.entries(steps).filter(([, result]) => result !== true)
  return {
    name,
    passed: Object.keys(steps).length - failures.length,
    failures: failures.map(([step, found]) => `${step}: found ${found}`),
  }
}
