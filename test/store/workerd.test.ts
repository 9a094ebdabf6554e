/** The contract in workerd, the runtime of Cloudflare Workers, under `wrangler dev`. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withWorker } from '../runtimes/wrangler.mjs'
import { passed } from './report.ts'

test('D1 and Durable Objects keep the contract', { timeout: 180_000 }, async () => {
  const state = mkdtempSync(join(tmpdir(), 'sallyport-worker-'))
  try {
    await withWorker(
      'test/store/worker/wrangler.jsonc',
      async (url) => {
        const ask = async (path: string) => (await fetch(url + path)).json()
        expect(await ask('/d1/migrations')).toEqual({ 0: null, 1: null, 2: null, 3: null })
        expect(await ask('/d1')).toEqual(passed)
        expect(await ask('/durable-object')).toEqual(passed)
      },
      '--persist-to',
      state,
    )
  } finally {
    rmSync(state, { recursive: true, force: true })
  }
})
