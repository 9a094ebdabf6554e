/** sallyport as a user gets it: the built package; `engine.evaluate` of one engine. */
import type { AccessRequest, Decision, Engine } from '../../src/engine/types.ts'
import { expressionOf } from '../workloads/cel.ts'
import type { Workload } from '../workloads/workload.ts'
import { importAuthzen, importBuilt, importStages } from './built.ts'
import { decisionAnswers } from './decision-answers.ts'
import type { ConcurrentPeer, Peer, Preparation, PreparedPeer } from './peer.ts'
import { prepareGuard } from './sallyport-guard.ts'

export const sallyport: Peer = {
  name: 'sallyport',
  description:
    'this package: engine.evaluate, evaluateMany for lists, guard.authorize for pipelines; a decision with rules, reason, obligations',
  takes: () => true,
  prepare: (workload): Promise<PreparedPeer | ConcurrentPeer> =>
    workload.question === 'concurrent' ? prepareGuard(workload) : prepare(workload),
}

export const sallyportOperators: Peer = {
  name: 'operators',
  description: 'this package, with the condition in operators instead of CEL, where there are such',
  takes: (name, size) => name === 'cel' && expressionOf(size).structured !== undefined,
  prepare: (workload) => prepare({ ...workload, document: workload.operators ?? workload.document }),
}

async function prepare(workload: Workload): Promise<PreparedPeer<AccessRequest, Decision>> {
  const { engine, preparation } = await makeEngine(workload)
  const { formatDecision } = await importAuthzen()
  const options = workload.now === undefined ? undefined : { now: workload.now }
  const decide = (request: AccessRequest) => engine.evaluate(request, options)
  return {
    input: (request) => request,
    decide,
    decideList: (requests) => engine.evaluateMany(requests),
    ...bytes(engine),
    body: formatDecision,
    ...decisionAnswers,
    preparation,
  }
}

/** Policies in, an engine out, with the time of each stage; each for the first time in this process. */
async function makeEngine(workload: Workload): Promise<{ engine: Engine; preparation: Preparation }> {
  const { document, requests, tuples } = workload
  const { createEngine } = await importBuilt()
  const { loadModel, compileModel } = await importStages()
  const first = requests[0]!
  const start = performance.now()
  const model = loadModel(document)
  const checked = performance.now()
  const image = compileModel(model)
  const compiled = performance.now()
  const engine = await createEngine({ image })
  const loaded = performance.now()
  if (tuples !== undefined) engine.relations.add(tuples)
  const filled = performance.now()
  engine.evaluate(first)
  const decided = performance.now()
  const stages = { checkObject: checked - start, compile: compiled - checked, loadImage: loaded - compiled }
  const preparation: Preparation = {
    totalMs: filled - start,
    stages: tuples === undefined ? stages : { ...stages, addTuples: filled - loaded },
    firstDecisionUs: (decided - filled) * 1000,
    imageBytes: image.length,
  }
  return { engine, preparation }
}

/** Bytes to bytes inside the core, where the engine has it. */
function bytes(engine: Engine): Pick<PreparedPeer, 'decideBytes'> {
  if (!hasEvaluateJson(engine)) return {}
  // As a server does it that sends an answer before it asks for the next one.
  const options = { into: new Uint8Array(4096) }
  return { decideBytes: (body) => engine.evaluateJson(body, options) }
}

interface EvaluateJson {
  evaluateJson(bytes: Uint8Array, options: { readonly into: Uint8Array<ArrayBuffer> }): Uint8Array
}

function hasEvaluateJson(engine: object): engine is EvaluateJson {
  return 'evaluateJson' in engine && typeof engine.evaluateJson === 'function'
}
