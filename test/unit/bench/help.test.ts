import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
/** Whether Node runs TypeScript as it is. */
const runs = 'typescript' in process.features && Boolean(process.features.typescript)

test
  .skipIf(!runs)
  .each(['main', 'http', 'regex', 'store', 'edge/main', 'compare/main', 'runtimes/main', 'profile/main'])(
  'bench/%s.ts tells with --help what it measures, and measures nothing',
  async (name) => {
    const { stdout } = await run(process.execPath, [`bench/${name}.ts`, '--help'], { timeout: 20_000 })
    expect(stdout).toMatch(/--help|--seconds|\[options\]/)
    expect(stdout.split('\n').length).toBeLessThan(80)
  },
  30_000,
)
