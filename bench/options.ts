/** The command line of the benchmark. */
import { parseArgs } from 'node:util'
import { peers } from './peers/index.ts'
import { workloads } from './workloads/index.ts'

export interface Options {
  /** Sizes for the workloads that have several; undefined for their own. */
  readonly rules: readonly number[] | undefined
  readonly rounds: number
  readonly roundMs: number
  readonly leadMs: number
  readonly budgetMs: number
  readonly heapDecisions: number
  /** Fewer than the workloads' own, which are as many as the caches do not hold. */
  readonly requests?: number
  readonly quick: boolean
  readonly workloads: readonly string[]
  readonly peers: readonly string[]
  readonly seed: number
  /** Whether sizes, times of getting ready and throughput are measured, too. */
  readonly figures: boolean
  /** Whether the relations workload is measured in SpiceDB and OpenFGA, too. */
  readonly zanzibar: boolean
  /** The Python in which the workload agt is measured, too; undefined when it is not. */
  readonly python: string | undefined
  readonly json: boolean
  readonly out: string
}

/** What was typed does not fit; the message says what would. */
export class OptionError extends Error {
  override name = 'OptionError'
}

/** Asked for like workloads. */
const figures = { name: 'figures', description: 'no latency: sizes, compiling, loading, memory, HTTP' }
const zanzibar = {
  name: 'zanzibar',
  description: 'relations in SpiceDB and OpenFGA, where there is Go; with --quick only if named',
}
const python = {
  name: 'python',
  description: 'agt in engines in Python, where there is Python 3.12 with them; with --quick only if named',
}
const further = [figures, zanzibar, python]

export const help = `npm run bench -- [options]

Measures decisions side by side, every engine in the same process, in turns.

  --workload NAMES   comma-separated; all when left out:
${list([...workloads, ...further])}
  --peer NAMES       comma-separated; all when left out:
${list(peers)}
  --rules N,N,...    how many rules, for workloads of several sizes
  --rounds N         rounds of each engine (default 30; 3 with --quick)
  --quick            short rounds, under a minute in all; for a first look, not for figures to quote
  --seed N           of the workloads (default 1)
  --python FILE      the Python that has agent-os-kernel and open-guard-python (default python3)
  --out FOLDER       where the results go (default bench/results; build/bench with --quick)
  --json             print the results as JSON instead of the tables
  --help

Example: npm run bench -- --quick --workload rbac-abac --rules 100,10000`

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
  const asked = chosen('--workload', values.workload, [...workloads, ...further])
  // In processes of their own, and for long.
  const others = !(quick && values.workload === undefined)
  return {
    rules: values.rules === undefined ? undefined : items(values.rules).map((item) => wholeNumber('--rules', item)),
    rounds: wholeNumber('--rounds', values.rounds ?? (quick ? '3' : '30')),
    // The thread's clock moves in steps of 4 ms on usual machines: a hundredth of a round.
    roundMs: quick ? 20 : 400,
    leadMs: quick ? 20 : 500,
    budgetMs: quick ? 80 : 2000,
    heapDecisions: quick ? 20_000 : 1_000_000,
    ...(quick && { requests: 2048 }),
    quick,
    workloads: asked.filter((name) => further.every((other) => other.name !== name)),
    figures: asked.includes(figures.name),
    zanzibar: others && asked.includes(zanzibar.name),
    python: others && asked.includes(python.name) ? (values.python ?? 'python3') : undefined,
    peers: chosen('--peer', values.peer, peers),
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
        workload: text,
        peer: text,
        rules: text,
        rounds: text,
        seed: text,
        python: text,
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
  const wanted = items(text)
  const unknown = wanted.find((name) => !known.some((one) => one.name === name))
  if (unknown === undefined) return wanted
  throw new OptionError(`${option}: there is no "${unknown}"; there are: ${known.map(({ name }) => name).join(', ')}`)
}

function items(text: string): string[] {
  return text.split(',').map((item) => item.trim())
}

function list(known: readonly { readonly name: string; readonly description: string }[]): string {
  return known.map(({ name, description }) => `      ${name.padEnd(12)} ${description}`).join('\n')
}
