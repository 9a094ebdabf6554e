/** A longer comparison of CEL in the core with @bufbuild/cel: see --help. */
import { spawnSync } from 'node:child_process'
import { readCommandLine, wholeNumber } from './command-line.ts'

const HELP = `Compares the core with @bufbuild/cel on random expressions and inputs, as test/property/cel-differential.test.ts does with fewer.

  node scripts/cel-differential.ts [--runs N] [--seed S]

  --runs N   expressions to compare; 200000 when left out
  --seed S   where the random numbers start; chosen when left out, and printed
  --help     print this

Example: node scripts/cel-differential.ts --runs 1000000 --seed 7
It runs the engine from dist/, so build first. Exit code: 0 when all agreed, 1 when not; 2 when the call is wrong.`

const { values } = readCommandLine(HELP, {
  runs: { type: 'string', default: '200000' },
  seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
})
const runs = wholeNumber(HELP, '--runs', values.runs, 1)
const seed = wholeNumber(HELP, '--seed', values.seed, 0)
console.log(`seed ${seed}, ${runs} expressions`)
const args = ['node_modules/vitest/vitest.mjs', 'run', 'test/property/cel-differential.test.ts']
const env = { ...process.env, CEL_RUNS: String(runs), CEL_SEED: String(seed) }
process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1
