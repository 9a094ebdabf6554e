/** Before anything is timed: all engines must decide every request alike. */
import { agree, type Verdict } from '../peers/peer.ts'
import type { Contender } from './contender.ts'
import { threadBudget } from './timer.ts'

/** Calls that every engine is asked, however slow it is. */
const fewest = 32

/** How many decisions came out which way: keys such as `allow matched` and `deny no_match`. */
export type Mix = Readonly<Record<string, number>>

export interface Agreement {
  readonly mix: Mix
  readonly allowed: number
  /** Decisions that more than one rule made. */
  readonly severalRules: number
  /** How many calls each engine was asked, by name: all, or as many as its share of the time allows. */
  readonly compared: Readonly<Record<string, number>>
  /** For each number of calls, how many decisions they allow, from the first call on. */
  readonly allowedUpTo: Uint32Array
}

/**
 * Compares the decisions of all engines, and the details of those that tell them. A slow engine answers the first requests
 * only, and is timed on no others.
 *
 * @param budgetMs how long one engine may take
 * @throws Error at the first difference, with the input and both verdicts
 */
export async function checkAgreement(contenders: readonly Contender[], budgetMs: number): Promise<Agreement> {
  const [first, ...others] = contenders
  if (first === undefined) throw new Error('no engine to measure')
  const expected: (readonly Verdict[])[] = []
  for (const input of first.inputs) expected.push(await ask(first, input))
  const compared: Record<string, number> = { [first.name]: expected.length }
  for (const other of others) {
    if (other.verdicts === undefined) {
      compared[other.name] = expected.length
      continue
    }
    const isSpent = threadBudget(budgetMs)
    let call = 0
    for (; call < expected.length; call++) {
      if (call >= fewest && call % 16 === 0 && isSpent()) break
      await compare(first, other, call, expected[call]!)
    }
    compared[other.name] = call
  }
  return { ...describe(expected), compared, allowedUpTo: runningCount(expected) }
}

async function compare(first: Contender, other: Contender, call: number, expected: readonly Verdict[]): Promise<void> {
  const actual = await ask(other, other.inputs[call])
  const differing = expected.findIndex((verdict, i) => actual[i] === undefined || !agree(verdict, actual[i]))
  if (differing < 0 && actual.length === expected.length) return
  throw new Error(
    [
      'the engines disagree, so nothing was timed',
      `call ${call}, decision ${differing}: ${show(other.inputs[call])}`,
      `${first.name} ${JSON.stringify(expected[differing])} of ${show(first.inputs[call])}`,
      `${other.name} ${JSON.stringify(actual[differing])}`,
    ].join('\n  '),
  )
}

async function ask({ name, verdicts }: Contender, input: unknown): Promise<Verdict[]> {
  if (verdicts === undefined) throw new Error(`${name} decides nothing`)
  return verdicts(input)
}

function show(input: unknown): string {
  if (input instanceof Uint8Array) return new TextDecoder().decode(input)
  const text = JSON.stringify(input) ?? String(input)
  return text.length > 2000 ? `${text.slice(0, 2000)}…` : text
}

function describe(expected: readonly (readonly Verdict[])[]): Pick<Agreement, 'mix' | 'allowed' | 'severalRules'> {
  const mix: Record<string, number> = {}
  let severalRules = 0
  let allowed = 0
  for (const { decision, details } of expected.flat()) {
    const kind = details === undefined ? (decision ? 'allow' : 'deny') : `${details.status} ${details.code}`
    mix[kind] = (mix[kind] ?? 0) + 1
    if (decision) allowed++
    if (details !== undefined && details.rules.length > 1) severalRules++
  }
  return { mix, allowed, severalRules }
}

function runningCount(expected: readonly (readonly Verdict[])[]): Uint32Array {
  const counts = new Uint32Array(expected.length + 1)
  expected.forEach((verdicts, call) => {
    counts[call + 1] = counts[call]! + verdicts.filter(({ decision }) => decision).length
  })
  return counts
}
