/** What is timed beside the engines without being one, to measure them by. */
import type { Case } from '../workloads/workload.ts'
import { importBuilt } from './built.ts'

export interface Baseline {
  readonly name: string
  readonly description: string
  takes(workload: string, size: Case): boolean
  /** Makes the inputs from the bodies of the requests, before any timing. */
  inputs(texts: readonly string[]): unknown[]
  /** Makes what is timed. */
  start(): Promise<(input: unknown) => unknown>
}

const jsonParse: Baseline = {
  name: 'json-parse',
  description: 'JSON.parse of the body, which is text already, and nothing else: no engine, a measure',
  takes: (name) => name === 'bytes',
  inputs: (texts) => [...texts],
  start: async () => (text) => JSON.parse(text as string),
}

export const noCondition: Baseline = {
  name: 'no-condition',
  description: 'this package, the same rule without its condition: what a decision takes beside it; a measure',
  takes: (name) => name === 'cel',
  inputs: (texts) => texts.map((text) => JSON.parse(text)),
  start: async () => {
    const { createEngine } = await importBuilt()
    const rule = { id: 'rule', allow: 'read', on: 'record' }
    const engine = await createEngine({ policies: { version: 1, tenant: 'bench', rules: [rule] } })
    const options = { now: 0 }
    return (request) => engine.evaluate(request as Parameters<typeof engine.evaluate>[0], options)
  },
}

export const baselines: readonly Baseline[] = [jsonParse, noCondition]
