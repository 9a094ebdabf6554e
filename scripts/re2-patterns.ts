/** Runs RE2's published tests through the core: see --help. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { RegexForm } from '../test/property/regex-agreement.ts'
import { misused, readCommandLine } from './command-line.ts'

const HELP = `Compares regular expressions in the core with what RE2 found, as recorded in its tests.

  node scripts/re2-patterns.ts [--nfa] FILE...

  FILE     re2-search.txt or re2-exhaustive.txt(.gz), as in src/regexp/testdata of Go or testdata of google/re2j (both
           under a BSD licence; bunzip2 Go's large one first)
  --nfa    in the form of expressions that are too large for a table
  --help   print this

It runs the engine from dist/, so build first. Exit code: 0 when all that we take are equal, 1 when not; 2 when the call is
wrong.`

const dist = (path: string): string => new URL(`../dist/src/${path}.js`, import.meta.url).href

async function main(): Promise<number> {
  const { values, positionals } = readCommandLine(HELP, { nfa: { type: 'boolean', default: false } }, true)
  if (positionals.length === 0) misused(HELP, 'name at least one file')
  let wrong = 0
  for (const file of positionals) wrong += await compare(file, values.nfa ? 'nfa' : 'usual')
  return wrong === 0 ? 0 : 1
}

/** Prints what came of one file; how many pairs differed. */
async function compare(file: string, form: RegexForm): Promise<number> {
  const { createEngine }: typeof import('../src/engine/index.ts') = await import(dist('engine/index'))
  const { compileModel }: typeof import('../src/compiler/index.ts') = await import(dist('compiler/index'))
  const { loadModel }: typeof import('../src/policy/index.ts') = await import(dist('policy/index'))
  const { parseRe2 }: typeof import('../src/policy/re2.ts') = await import(dist('policy/re2'))
  const { readRe2Tests, refusalOf } = await import('../test/property/re2.ts')
  const { makeFinder } = await import('../test/property/regex-finder.ts')
  const bytes = readFileSync(file)
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  const refused = new Map<string, number>()
  let [equal, wrong, bytewise, expressions] = [0, 0, 0, 0]
  for (const { texts, expressions: all } of readRe2Tests(text)) {
    for (let first = 0; first < all.length; first += 500) {
      const some = all.slice(first, first + 500).filter(({ regex, found }) => {
        const reason = refusalOf(regex)
        if (reason !== undefined) refused.set(reason, (refused.get(reason) ?? 0) + found.length)
        return reason === undefined
      })
      expressions += some.length
      const sources = some.map(({ regex }) => regex)
      const find = await makeFinder({ createEngine, compileModel, loadModel }, sources, form, parseRe2)
      for (const [t, one] of texts.entries()) {
        const answers = find(one)
        for (const [i, { regex, found }] of some.entries()) {
          if (answers[i] === found[t]) equal++
          else if (regex.includes('\\B') && /\P{ASCII}/u.test(one)) bytewise++
          else if (wrong++ < 10) console.error(`${regex} on ${JSON.stringify(one)}: ${answers[i]}, not ${found[t]}`)
        }
      }
    }
  }
  console.log(`${file}: ${equal} pairs over ${expressions} expressions equal, ${wrong} not`)
  if (bytewise > 0) console.log(`  ${bytewise} pairs not counted: RE2 finds \\B between the bytes of one character`)
  for (const [reason, pairs] of refused) console.log(`  ${pairs} pairs refused: ${reason}`)
  return wrong
}

process.exitCode = await main()
