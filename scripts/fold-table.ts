/** The simple case folding of Unicode (CaseFolding.txt, status C and S): see --help. */
import { readCommandLine } from './command-line.ts'

const HELP = `Prints src/text/fold-table.ts: the simple case folding of Unicode, worked out from the data of the runtime that this runs in.
Node 24 has Unicode 17.

  node scripts/fold-table.ts > src/text/fold-table.ts`

readCommandLine(HELP, {})
const LAST = 0x10ffff
/** Cherokee is the one script that folds to its capitals, because these are older (CaseFolding.txt says so). */
const CHEROKEE = /^\p{Script=Cherokee}$/u

/** Pairs whose capitals are two letters each, so that no conversion leads from one to the other. */
const PAIRS: ReadonlyMap<number, number> = new Map([
  [0x1fd3, 0x390],
  [0x1fe3, 0x3b0],
  [0xfb05, 0xfb06],
])

/** What a code point folds to; itself for most. */
function folded(point: number): number {
  const text = String.fromCodePoint(point)
  const target = CHEROKEE.test(text) ? text.toUpperCase() : text.toUpperCase().toLowerCase()
  const one = [...target].length === 1 ? target : text.toLowerCase()
  const to = PAIRS.get(point) ?? ([...one].length === 1 ? one.codePointAt(0)! : point)
  // The regular expressions of JavaScript compare by simple folding with these flags, and have the last word: ı is not i.
  return new RegExp(`^\\u{${point.toString(16)}}$`, 'iu').test(String.fromCodePoint(to)) ? to : point
}

interface Run {
  readonly from: number
  to: number
  readonly delta: number
  step: number
}

const runs: Run[] = []
for (let point = 0; point <= LAST; point++) {
  if (point >= 0xd800 && point <= 0xdfff) continue
  const delta = folded(point) - point
  if (delta === 0) continue
  const run = runs.at(-1)
  const step = run === undefined ? 0 : point - run.to
  const goesOn = run !== undefined && run.delta === delta && step <= 2 && (run.step === 0 || run.step === step)
  if (!goesOn) runs.push({ from: point, to: point, delta, step: 0 })
  else {
    run.to = point
    run.step = step
  }
}

const digits = (n: number): string => n.toString(36)
const words = runs.map(({ from, to, delta, step }, i) => {
  const more = from === to ? '' : `${step === 2 ? '/' : ':'}${digits((to - from) / step)}`
  const add = delta === 1 ? '' : `${delta < 0 ? '-' : '+'}${digits(Math.abs(delta))}`
  return `${digits(from - (runs[i - 1]?.to ?? 0))}${more}${add}`
})
const lines: string[] = ['']
for (const word of words) {
  const line = lines.at(-1)!
  if (line.length + word.length > 105) lines.push(word)
  else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
}
console.log(`/**
 * Made by scripts/fold-table.ts. Unicode ${process.versions.unicode}, simple case folding, all numbers to the base of 36: how far the next code point is from
 * the last one; \`:\` and how many more there are, or \`/\` and how many more, every second one; then what to add, 1 if nothing is said.
 */
export const FOLD_RUNS = \`
${lines.join('\n')}
\``)
