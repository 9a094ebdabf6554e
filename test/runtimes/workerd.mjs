/** The suite in workerd, the runtime of Cloudflare Workers. */
import { readFileSync } from 'node:fs'
import { withWorker } from './wrangler.mjs'

export async function workerd() {
  const { version } = JSON.parse(readFileSync('node_modules/workerd/package.json', 'utf8'))
  const report = await withWorker('test/runtimes/worker/wrangler.jsonc', async (url) => {
    const response = await fetch(url)
    if (!response.ok)
      throw new Error(`the Worker answered ${response.status}: ${(await response.text()).slice(0, 2000)}`)
    return response.json()
  })
  return { name: `workerd ${version}`, ...report }
}
