/** sallyport as a user gets it: the built package. Run `npm run build` first. */
import type { Workload } from '../workloads/workload.ts'
import type { Evaluate, Peer, Preparation, PreparedPeer } from './peer.ts'

export const sallyport: Peer = {
  name: 'sallyport',
  description: 'this package, built; `engine.evaluate` of one engine',
  prepare,
}

const warmLoads = 5
/** Larger documents are not written and read as text: it takes long, and says nothing new. */
const parseTextUpTo = 10_000

async function prepare({ document, requests, rules }: Workload): Promise<PreparedPeer> {
  const { loadModel, compileModel, createEngine } = await importBuilt()
  const first = requests[0]!

  // Each for the first time in this process, so the figures include what the JavaScript engine does the first time.
  const start = performance.now()
  const model = loadModel(document)
  const checked = performance.now()
  const image = compileModel(model)
  const compiled = performance.now()
  const engine = await createEngine({ image })
  const loaded = performance.now()
  engine.evaluate(first)
  const decided = performance.now()

  const compiledAgain = compileModel(model)
  const warmCompiled = performance.now()
  if (Buffer.compare(image, compiledAgain) !== 0) throw new Error('the same policies gave two different images')

  const timeParse = () => {
    const text = JSON.stringify(document)
    const started = performance.now()
    loadModel({ name: 'policies.json', text })
    return performance.now() - started
  }
  const evaluate: Evaluate = (request) => engine.evaluate(request)
  const preparation: Preparation = {
    totalMs: loaded - start,
    stages: {
      checkObject: checked - start,
      compile: compiled - checked,
      loadImage: loaded - compiled,
      compileWarm: warmCompiled - decided,
      loadImageWarm: await medianLoad(async () => createEngine({ image })),
      ...(rules > parseTextUpTo ? {} : { parseJsonText: timeParse() }),
    },
    firstDecisionUs: (decided - loaded) * 1000,
    imageBytes: image.length,
  }
  return { evaluate, preparation }
}

async function medianLoad(load: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < warmLoads; round++) {
    const start = performance.now()
    await load()
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[Math.floor(warmLoads / 2)]!
}

/** The address is put together, so that types are checked from the sources, before the package is built. */
async function importBuilt() {
  const built = new URL('../../dist/src/', import.meta.url)
  const main: typeof import('../../src/index.ts') = await import(new URL('index.js', built).href)
  const policy: typeof import('../../src/policy/index.ts') = await import(new URL('policy/index.js', built).href)
  const compiler: typeof import('../../src/compiler/index.ts') = await import(new URL('compiler/index.js', built).href)
  return { createEngine: main.createEngine, loadModel: policy.loadModel, compileModel: compiler.compileModel }
}
