/** Checks over a million relation tuples: `node bench/relations.ts [TUPLES]`. */
import { createEngine } from '../dist/src/index.js'
import { createRandom } from './random.ts'
import { createGraph, policies } from './relations/graph.ts'

/** Memories of the instances that are made: what the engine takes is the last one's. */
const memories: WebAssembly.Memory[] = []
const { Instance } = WebAssembly
WebAssembly.Instance = class extends Instance {
  constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
    super(module, imports)
    memories.push(this.exports.memory as WebAssembly.Memory)
  }
}
const bytes = (): number => memories.at(-1)?.buffer.byteLength ?? 0

const size = Number(process.argv[2] ?? 1_000_000)
const graph = createGraph(size, 1)
await createEngine({ policies })
const before = bytes()
const started = performance.now()
const engine = await createEngine({ policies, tuples: graph.tuples })
const loading = performance.now() - started
const { size: count } = engine.relations
const perTuple = (bytes() - before) / count
console.log(`${count} tuples loaded in ${(loading / 1000).toFixed(1)} s; ${perTuple.toFixed(1)} bytes a tuple`)

const random = createRandom(2)
const questions = Array.from({ length: 100_000 }, () => graph.question(random))
let allowed = 0
for (const question of questions) if (engine.evaluate(question).decision) allowed++
const times = new Float64Array(questions.length)
for (let i = 0; i < questions.length; i++) {
  const question = questions[i]!
  const start = performance.now()
  engine.evaluate(question)
  times[i] = (performance.now() - start) * 1e6
}
times.sort()
const share = (part: number): string => `${Math.round(times[Math.floor(times.length * part)]!)} ns`
const mean = times.reduce((sum, time) => sum + time, 0) / times.length
console.log(`${allowed} of ${questions.length} allowed`)
console.log(
  `mean ${Math.round(mean)} ns, p50 ${share(0.5)}, p90 ${share(0.9)}, p99 ${share(0.99)}, p99.9 ${share(0.999)}`,
)
const loop = performance.now()
for (const question of questions) engine.evaluate(question)
console.log(`in a loop ${Math.round(((performance.now() - loop) * 1e6) / questions.length)} ns`)
