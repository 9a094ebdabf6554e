/** The contract on SQLite in Bun and Deno. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { afterAll, expect, test } from 'vitest'
import { passed } from './report.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-script-'))
const outfile = join(folder, 'script.mjs')
// As for a browser: for Node, the parsers of policies would come as CommonJS (docs/runtimes.md).
buildSync({
  entryPoints: ['test/store/script.ts'],
  bundle: true,
  format: 'esm',
  platform: 'browser',
  external: ['node:*'],
  outfile,
})
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  ['bun', [outfile]],
  ['deno', ['run', '--no-config', outfile]],
])('%s', { timeout: 60_000 }, (command, args) => {
  const report = execFileSync(join('node_modules/.bin', command), args, { encoding: 'utf8' })
  expect(JSON.parse(report)).toEqual(passed)
})
