/** Evaluators of CEL, which know nothing of rules: the expression is planned once, the variables are made before any timing. */
import { celEnv, parse as parseCel, plan } from '@bufbuild/cel'
import { Environment } from '@marcbachmann/cel-js'
import type { AccessRequest } from '../../src/engine/types.ts'
import type { Workload } from '../workloads/workload.ts'
import { booleanAnswers, type Peer, type PreparedPeer, timePreparation } from './peer.ts'

export const bufbuildCel: Peer = {
  name: 'bufbuild-cel',
  description: '@bufbuild/cel: the expression alone, planned once; says true or false',
  takes: (name) => name === 'cel',
  async prepare(workload): Promise<PreparedPeer<Record<string, Map<string, unknown>>, boolean>> {
    const toInput = (request: AccessRequest) => mapValues(variables(request), (value) => new Map(Object.entries(value)))
    const first = toInput(workload.requests[0]!)
    const { engine, preparation } = await timePreparation(
      () => plan(celEnv(), parseCel(expressionOf(workload))),
      (planned) => planned(first as never),
    )
    return { input: toInput, decide: (input) => engine(input as never) === true, ...booleanAnswers, preparation }
  },
}

export const celJs: Peer = {
  name: 'marcbachmann-cel',
  description: '@marcbachmann/cel-js: the expression alone, parsed once in an environment; says true or false',
  takes: (name) => name === 'cel',
  async prepare(workload): Promise<PreparedPeer<Variables, boolean>> {
    const first = variables(workload.requests[0]!)
    const { engine, preparation } = await timePreparation(
      () => {
        const environment = new Environment()
        for (const name of ['subject', 'resource', 'context']) environment.registerVariable(name, 'map')
        return environment.parse(expressionOf(workload))
      },
      (evaluate) => evaluate(first),
    )
    return { input: variables, decide: (input) => engine(input) === true, ...booleanAnswers, preparation }
  },
}

type Variables = Record<'subject' | 'resource' | 'context', Record<string, unknown>>

function variables({ subject, resource, context }: AccessRequest): Variables {
  return { subject: { ...subject.properties }, resource: { ...resource.properties }, context: { ...context } }
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}

function expressionOf({ expression }: Workload): string {
  if (expression === undefined) throw new Error('the workload has no expression')
  return expression
}
