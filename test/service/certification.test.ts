/** The OpenID certification scenario, against the example's ordinary policies behind a real server. */
import { execFile } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { serve } from '../../src/service/node.ts'
import { recordsApp } from './support.ts'

function run(url: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['test/conformance/authzen/run.mjs', url],
      { timeout: 30_000 },
      (error, stdout, stderr) => {
        resolve({
          code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
          output: stdout + stderr,
        })
      },
    )
  })
}

const app = await recordsApp()

describe.each([
  ['with the direct way', app],
  ['through its app alone', { fetch: (request: Request) => app.fetch(request) }],
])('the service %s', (_name, served) => {
  it('passes the AuthZEN 1.0 certification scenario, discovery included', { timeout: 40_000 }, async () => {
    const service = await serve({ app: served, port: 0 })
    try {
      const { code, output } = await run(service.url)
      const [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(output) ?? []
      expect(output).not.toContain('FAIL')
      expect({ code, failed }).toEqual({ code: 0, failed: '0' })
      expect(Number(passed)).toBeGreaterThanOrEqual(70)
    } finally {
      await service.close()
    }
  })
})
