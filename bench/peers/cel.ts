/** Evaluators of CEL, which know nothing of rules: the expression is planned once, the variables are made before any timing. */
import { celEnv, parse as parseCel, plan } from '@bufbuild/cel'
import { strings } from '@bufbuild/cel/ext'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { Environment } from '@marcbachmann/cel-js'
import { evaluate as evaluateTree, parse as parseTree } from 'cel-js'
import type { AccessRequest } from '../../src/engine/types.ts'
import { expressionOf } from '../workloads/cel.ts'
import type { Case, Workload } from '../workloads/workload.ts'
import { booleanAnswers, type Peer, type PreparedPeer, timePreparation } from './peer.ts'

type Variables = Record<string, unknown>
type Decide = (variables: Variables) => boolean

/**
 * @param make plans an expression. Each evaluator has a function of its own, as in the loops that are timed: V8 keeps what it
 * learns by the place in the code.
 * @param timeOf the time of the decision as the evaluator takes it
 */
function celPeer(
  name: string,
  description: string,
  make: (expression: string) => Decide,
  timeOf: (now: number) => unknown,
): Peer {
  return {
    name,
    description,
    takes: (workload, size) => workload === 'cel' && isAble(name, size),
    async prepare({ expression, requests, now = 0 }: Workload): Promise<PreparedPeer<Variables, boolean>> {
      if (expression === undefined) throw new Error('the workload has no expression')
      const time = timeOf(now)
      const input = (request: AccessRequest) => variables(request, time)
      const first = input(requests[0]!)
      const { engine, preparation } = await timePreparation(
        () => make(expression),
        (decide) => decide(first),
      )
      return { input, decide: engine, ...booleanAnswers, preparation }
    },
  }
}

function isAble(name: string, size: Case): boolean {
  return !expressionOf(size).unable?.includes(name)
}

/** Maps in maps, as the expressions name them. */
function variables({ subject, resource, context }: AccessRequest, now: unknown): Variables {
  return {
    subject: { type: subject.type, id: subject.id, ...subject.properties },
    resource: { type: resource.type, id: resource.id, ...resource.properties },
    context: { ...context },
    now,
  }
}

export const bufbuildCel: Peer = celPeer(
  'bufbuild-cel',
  '@bufbuild/cel: the expression alone, planned once; says true or false',
  (expression) => {
    const evaluate = plan(celEnv({ funcs: [...strings] }), parseCel(expression))
    return (one) => evaluate(one as never) === true
  },
  timestampFromMs,
)

export const marcbachmannCel: Peer = celPeer(
  'marcbachmann-cel',
  '@marcbachmann/cel-js: the expression alone, parsed once in an environment; says true or false',
  (expression) => {
    const environment = new Environment()
    for (const name of ['subject', 'resource', 'context']) environment.registerVariable(name, 'map')
    environment.registerVariable('now', 'google.protobuf.Timestamp')
    const evaluate = environment.parse(expression)
    return (one) => evaluate(one) === true
  },
  (now) => new Date(now),
)

export const celJs: Peer = celPeer(
  'cel-js',
  'cel-js: the expression alone, parsed once; says true or false. It has few of the functions',
  (expression) => {
    const parsed = parseTree(expression)
    if (!parsed.isSuccess) throw new Error(parsed.errors.join('; '))
    return (one) => evaluateTree(parsed.cst, one) === true
  },
  (now) => new Date(now),
)
