/** The command line of the benchmark. */
import { parseArgs } from 'node:util'
import { peers } from './peers/index.ts'
import { workloads } from './workloads/index.ts'

export interface Options {
  readonly rules: readonly number[]
  readonly rounds: number
  readonly roundMs: number
  readonly heapDecisions: number
  readonly quick: boolean
  readonly workloads: readonly string[]
  readonly engines: readonly string[]
  readonly seed: number
  readonly json: boolean
  readonly out: string
}

/** What was typed does not fit; the message says what would. */
export class OptionError extends Error {
  override name = 'OptionError'
}

export const help = `npm run bench -- [options]

Measures decisions side by side, every engine in the same process, in turns.

  --rules N,N,...    how many rules (default 1,100,1000,10000,100000)
  --rounds N         rounds of each engine (default 30; 6 with --quick)
  --quick            short rounds, under a minute in all; for a first look, not for figures to quote
  --only NAMES       workloads, comma-separated (there are: ${names(workloads)})
  --engines NAMES    engines, comma-separated (there are: ${names(peers)})
  --seed N           of the workload (default 1)
  --out FOLDER       where the results go (default bench/results; build/bench with --quick)
  --json             print the results as JSON instead of the table
  --help

Example: npm run bench -- --quick --rules 100,10000`

/**
 * Reads the arguments after the script's name.
 *
 * @returns undefined when help was asked for
 * @throws OptionError
 */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parse(args)
  if (values.help) return undefined
  const quick = values.quick ?? false
  return {
    rules: list(values.rules ?? '1,100,1000,10000,100000').map((item) => wholeNumber('--rules', item)),
    rounds: wholeNumber('--rounds', values.rounds ?? (quick ? '6' : '30')),
    roundMs: quick ? 20 : 100,
    heapDecisions: quick ? 100_000 : 1_000_000,
    quick,
    workloads: chosen('--only', values.only, workloads),
    engines: chosen('--engines', values.engines, peers),
    seed: wholeNumber('--seed', values.seed ?? '1'),
    json: values.json ?? false,
    out: values.out ?? (quick ? 'build/bench' : 'bench/results'),
  }
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({
      args: [...args],
      options: {
        rules: text,
        rounds: text,
        only: text,
        engines: text,
        seed: text,
        out: text,
        quick: flag,
        json: flag,
        help: { ...flag, short: 'h' },
      },
    })
  } catch (error) {
    throw new OptionError(`${error instanceof Error ? error.message : String(error)}; see --help`)
  }
}

function wholeNumber(option: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new OptionError(`${option} needs whole numbers from 1 on, found "${text}"`)
  return Number(text)
}

function chosen(option: string, text: string | undefined, known: readonly { readonly name: string }[]): string[] {
  if (text === undefined) return known.map(({ name }) => name)
  const wanted = list(text)
  const unknown = wanted.find((name) => !known.some((one) => one.name === name))
  if (unknown !== undefined) throw new OptionError(`${option}: there is no "${unknown}"; there are: ${names(known)}`)
  return wanted
}

function list(text: string): string[] {
  return text.split(',').map((item) => item.trim())
}

function names(known: readonly { readonly name: string }[]): string {
  return known.map(({ name }) => name).join(', ')
}
