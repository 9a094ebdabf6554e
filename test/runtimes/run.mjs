/**
 * Runs the suite in every runtime, and the examples, and says how each went; the last line sums up.
 *
 *   node test/runtimes/run.mjs [NAME …]   for example: node test/runtimes/run.mjs deno workerd
 *
 * They use the built package by its own name, the way an application does. Exit code 1 when something failed.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { withChromium } from './chromium.mjs'
import { examples } from './examples.mjs'
import { bun, deno, node, otherNode } from './scripts.mjs'
import { SkipError } from './skip.mjs'
import { workerd } from './workerd.mjs'

process.chdir(fileURLToPath(new URL('../..', import.meta.url)))

const runtimes = { node, 'other node': otherNode, deno, bun, workerd, chromium: withChromium, ...examples }

const names = process.argv.slice(2)
const unknown = names.find((name) => !(name in runtimes))
if (unknown !== undefined) {
  console.error(`there is no runtime ${unknown}; there are: ${Object.keys(runtimes).join(', ')}`)
  process.exit(2)
}

let passed = 0
let failed = 0
for (const [name, run] of Object.entries(runtimes)) {
  if (names.length > 0 && !names.includes(name)) continue
  const outcome = await attempt(name, run)
  passed += outcome.passed
  failed += outcome.failures.length
  if (outcome.skipped !== undefined) console.log(`${outcome.name.padEnd(24)} skipped: ${outcome.skipped}`)
  else console.log(`${outcome.name.padEnd(24)} ${outcome.passed} passed, ${outcome.failures.length} failed`)
  for (const failure of outcome.failures.slice(0, 5)) console.log(`  ${failure.replaceAll('\n', '\n  ')}`)
  if (outcome.failures.length > 5) console.log(`  and ${outcome.failures.length - 5} more`)
}

// For .ci/run, which adds up.
mkdirSync('build/test', { recursive: true })
writeFileSync('build/test/runtimes.json', JSON.stringify({ passed, failed }))
console.log(`runtimes: ${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** @returns {Promise<{ name: string, passed: number, failures: string[], skipped?: string }>} */
async function attempt(name, run) {
  try {
    return await run()
  } catch (error) {
    const skippable = error instanceof SkipError && !process.env.CI
    if (skippable) return { name, passed: 0, failures: [], skipped: error.message }
    return { name, passed: 0, failures: [error instanceof SkipError ? error.message : String(error?.stack ?? error)] }
  }
}
