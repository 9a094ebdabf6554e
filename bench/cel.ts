/** Conditions in CEL against other evaluators of the language: see --help. */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { cases } from './cel/cases.ts'
import type { Measured } from './cel/measure.ts'
import { table } from './cel/table.ts'

const HELP = `Measures conditions in CEL against other evaluators of the language.

  node bench/cel.ts [--rounds N] [--only TEXT] [--json]

  --rounds N   rounds of each, of which the fastest counts; 60 when left out
  --only TEXT  only the expressions with that text in their names
  --json       print what was measured as JSON
  --help       print this

Each expression has a process of its own, in which all evaluators take turns. We are asked for whole decisions, reading of
the request included; the others evaluate the condition alone, over variables that were prepared before.
It runs the engine from dist/, so build first.`

const { rounds, only, json, help } = parseArgs({
  options: {
    rounds: { type: 'string', default: '60' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
}).values

const wrong = !/^[1-9]\d*$/.test(rounds)
if (help || wrong) {
  console.log(HELP)
  process.exitCode = wrong ? 2 : 0
} else {
  const measured: Measured[] = []
  for (const { name } of cases) {
    if (!name.includes(only)) continue
    const script = new URL('./cel/measure.ts', import.meta.url).pathname
    const { status, stdout } = spawnSync(process.execPath, [script, name, rounds], {
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    })
    if (status !== 0) process.exitCode = 1
    else measured.push(JSON.parse(stdout))
  }
  console.log(json ? JSON.stringify(measured, null, 2) : table(measured))
}
