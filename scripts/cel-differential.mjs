/**
 * Compares the core with @bufbuild/cel on random expressions and inputs: test/property/cel-differential.test.ts, with
 * as many of them as one likes.
 *
 *   node scripts/cel-differential.mjs --runs 200000 --seed 1
 */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } })
const seed = values.seed ?? `${Math.floor(Math.random() * 2 ** 31)}`
const args = ['node_modules/vitest/vitest.mjs', 'run', 'test/property/cel-differential.test.ts']
const env = { ...process.env, CEL_RUNS: values.runs ?? '200000', CEL_SEED: seed }
process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1
