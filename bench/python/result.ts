/** What `python.json` holds: the engines in Python, in processes and a harness of their own. */
import type { Machine } from '../machine.ts'

/** By the name that `peers/python/decide.py` knows them by. */
export const pythonEngines = [
  {
    name: 'agent-os-kernel',
    description: "the Agent Governance Toolkit's PolicyEvaluator; the decision, the rule, an entry for an audit log",
  },
  { name: 'open-guard', description: 'Guard.authorize of open-guard-python, over its store in memory' },
] as const

export interface PythonRun {
  readonly command: string
  readonly machine: Machine
  readonly seed: number
  readonly engines: readonly PythonResult[]
}

export type PythonResult = PythonCase & (PythonTimes | PythonLeftOut)

interface PythonCase {
  readonly engine: string
  /** Of the workload agt. */
  readonly case: string
}

/** As the program prints it; times of one decision, in nanoseconds. */
export interface PythonTimes {
  readonly version: string
  readonly python: string
  readonly leftOut?: undefined
  /** How many decisions were compared with ours. */
  readonly compared: number
  /** The median of the means of passes over all requests, by the time that the thread ran. */
  readonly meanNs: number
  /** Of single calls, by the clock on the wall. */
  readonly percentilesNs: Readonly<Record<string, number>>
  readonly samples: number
}

export interface PythonLeftOut {
  /** Why there are no times. */
  readonly leftOut: string
}

export function isTimed(result: PythonResult): result is PythonCase & PythonTimes {
  return result.leftOut === undefined
}
