/** Regular expressions in decisions against RegExp in JavaScript, on short texts and on long ones: see --help. */
import { parseArgs } from 'node:util'
import { long } from './regex/long.ts'
import { short } from './regex/short.ts'

const HELP = `Measures regular expressions in the core against JavaScript's RegExp.

  node bench/regex.ts [--rounds N] [--only short|long]

  --rounds N   rounds of each, of which the median counts; 15 when left out
  --only WHAT  short: texts of up to 100 characters, in decisions; long: patterns that make backtracking engines hang, over
               texts of up to 1 MB
  --help       print this

It runs the engine from dist/, so build first.`

const { rounds, only, help } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
}).values

const wrong = !/^[1-9]\d*$/.test(rounds) || (only !== undefined && only !== 'short' && only !== 'long')
if (help || wrong) {
  console.log(HELP)
  process.exitCode = wrong ? 2 : 0
} else {
  if (only !== 'long') console.log(await short(Number(rounds)))
  if (only !== 'short') console.log(await long())
}
