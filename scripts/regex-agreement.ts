/** A longer comparison of regular expressions in the core with JavaScript's RegExp: see --help. */
import { type Finder, type RegexForm, regexAgreement } from '../test/property/regex-agreement.ts'
import { readCommandLine, wholeNumber } from './command-line.ts'

const HELP = `Compares regular expressions in the core with JavaScript's RegExp on random expressions and texts.

  node scripts/regex-agreement.ts [--runs N] [--seed S]

  --runs N   pairs of an expression and a text to compare, at least; 500000 when left out
  --seed S   where the random numbers start; taken from the clock when left out, and printed
  --help     print this

Every pair is tried in both forms, as a table and as an NFA. It runs the engine from dist/, so build first. Exit code: 0
when all agreed, 1 when not; 2 when the call is wrong.`

async function main(): Promise<number> {
  const { values } = readCommandLine(HELP, {
    runs: { type: 'string', default: '500000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  })
  const runs = wholeNumber(HELP, '--runs', values.runs, 1)
  const seed = wholeNumber(HELP, '--seed', values.seed, 0)
  console.log(`seed ${seed}, ${runs} pairs`)
  let shown = performance.now()
  const onProgress = (pairs: number): void => {
    if (performance.now() - shown < 10_000) return
    shown = performance.now()
    console.error(`${pairs} of ${runs} pairs`)
  }
  const outcome = await regexAgreement({ makeFinder: await finderMaker(), runs, seed, onProgress })
  if (outcome.failure !== undefined) {
    console.error(`after ${outcome.pairs} pairs: ${outcome.failure}`)
    return 1
  }
  const { pairs, expressions, found } = outcome
  console.log(`${pairs} pairs over ${expressions} expressions agreed, ${found} of them found (seed ${seed})`)
  return 0
}

async function finderMaker(): Promise<(sources: readonly string[], form: RegexForm) => Promise<Finder>> {
  const dist = (path: string): string => new URL(`../dist/src/${path}.js`, import.meta.url).href
  const { createEngine }: typeof import('../src/engine/index.ts') = await import(dist('engine/index'))
  const { compileModel }: typeof import('../src/compiler/index.ts') = await import(dist('compiler/index'))
  const { loadModel }: typeof import('../src/policy/index.ts') = await import(dist('policy/index'))
  const { makeFinder } = await import('../test/property/regex-finder.ts')
  return (sources, form) => makeFinder({ createEngine, compileModel, loadModel }, sources, form)
}

process.exitCode = await main()
