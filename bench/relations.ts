/** Checks over a million relation tuples: `node bench/relations.ts [TUPLES]`. */
import { importBuilt } from './peers/built.ts'
import { createRandom } from './random.ts'
import { createGraph, policies } from './relations/graph.ts'

const { createEngine } = await importBuilt()

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
const questions = Array.from({ length: 16_384 }, () => graph.question(random))
const allowed = questions.filter((question) => engine.evaluate(question).decision).length
console.log(`${allowed} of ${questions.length} allowed`)

/** Sorted times of one decision each, in nanoseconds. */
function round(): Float64Array {
  const times = new Float64Array(questions.length)
  for (let i = 0; i < questions.length; i++) {
    const question = questions[i]!
    const start = performance.now()
    engine.evaluate(question)
    times[i] = (performance.now() - start) * 1e6
  }
  return times.sort()
}

const rounds = Array.from({ length: 15 }, round)
/** The best and the median of the rounds: other processes only add to a time. */
function share(part: number): string {
  const each = rounds.map((times) => times[Math.floor(times.length * part)]!).sort((a, b) => a - b)
  return `${Math.round(each[0]!)} … ${Math.round(each[each.length >> 1]!)} ns`
}
for (const part of [0.5, 0.9, 0.99, 0.999]) console.log(`p${part * 100}: ${share(part)}`)
const loops = Array.from({ length: 15 }, () => {
  const start = performance.now()
  for (const question of questions) engine.evaluate(question)
  return ((performance.now() - start) * 1e6) / questions.length
}).sort((a, b) => a - b)
console.log(`in a loop: ${Math.round(loops[0]!)} … ${Math.round(loops[loops.length >> 1]!)} ns`)
