/** What is measured in processes of their own, for nothing must have run before; started by `startup.ts`. */
import { readFile } from 'node:fs/promises'
import type { AccessRequest } from '../../src/engine/types.ts'
import { importBuilt, importCore, importStages } from '../peers/built.ts'
import { rbacAbac } from '../workloads/rbac-abac.ts'
import { relations, tupleCase } from '../workloads/relations.ts'
import { sizeCase } from '../workloads/workload.ts'
import { imageFile, requestFile } from './images.ts'

/** Milliseconds, or bytes. */
export type Measured = Readonly<Record<string, number>>

const now = () => performance.now()

const tasks: Readonly<Record<string, (size: number) => Promise<Measured>>> = {
  compile,
  readJson: (rules) => read(rules, 'json'),
  readYaml: (rules) => read(rules, 'yaml'),
  load,
  tuples,
  growth,
}

/** From policies as an object to an image, stage by stage. */
async function compile(rules: number): Promise<Measured> {
  const { document } = rbacAbac.build({ case: sizeCase(rules), seed: 1, requests: 1 })
  const { loadModel, compileModel } = await importStages()
  const start = now()
  const model = loadModel(document)
  const checked = now()
  compileModel(model)
  return { check: checked - start, compile: now() - checked }
}

/** From text to a checked model. */
async function read(rules: number, extension: 'json' | 'yaml'): Promise<Measured> {
  const { document } = rbacAbac.build({ case: sizeCase(rules), seed: 1, requests: 1 })
  const { stringify } = await import('yaml')
  const text = extension === 'json' ? JSON.stringify(document) : stringify(document)
  const { loadModel } = await importStages()
  const start = now()
  loadModel({ name: `policies.${extension}`, text })
  return { read: now() - start }
}

/**
 * From an image to the first decision, and further loads of the same. The image was made elsewhere: a process that has compiled
 * policies is not fresh, and its heap is not small.
 */
async function load(rules: number): Promise<Measured> {
  const image = new Uint8Array(await readFile(imageFile(rules)))
  const request = JSON.parse(await readFile(requestFile(rules), 'utf8')) as AccessRequest
  const { createEngine } = await importBuilt()
  const { loadCore } = await importCore()
  const memories = watchMemories()
  // What importing the package has left behind: whether V8 collects it in between, for 4 ms, hangs on such things as the length of paths.
  globalThis.gc?.()
  const start = now()
  new WebAssembly.Instance(await loadCore())
  const ready = now()
  const engine = await createEngine({ image })
  const loaded = now()
  engine.evaluate(request)
  const decided = now()
  const memory = memories.at(-1)?.buffer.byteLength ?? Number.NaN
  const again: number[] = []
  for (let i = 0; i < 9; i++) {
    // So that no load pays for the garbage of another.
    globalThis.gc?.()
    const from = now()
    await createEngine({ image })
    again.push(now() - from)
  }
  again.sort((a, b) => a - b)
  return {
    core: ready - start,
    load: loaded - ready,
    first: decided - ready,
    again: again[4]!,
    memory,
    image: image.length,
  }
}

/** What tuples take, in linear memory and on the JavaScript heap. */
async function tuples(count: number): Promise<Measured> {
  const workload = relations.build({ case: tupleCase(count), seed: 1, requests: 1 })
  const { createEngine } = await importBuilt()
  const memories = watchMemories()
  // Copies that are flat: those of the workload are put together of parts, which V8 joins when they are first read.
  const lines = (workload.tuples ?? []).map((tuple) => Buffer.from(tuple).toString())
  const engine = await createEngine({ policies: workload.document })
  const before = { heap: heapUsed(), memory: memories.at(-1)?.buffer.byteLength ?? 0 }
  const start = now()
  engine.relations.add(lines)
  const added = now() - start
  engine.evaluate(workload.requests[0]!)
  const memory = (memories.at(-1)?.buffer.byteLength ?? Number.NaN) - before.memory
  return { added, memory, heap: heapUsed() - before.heap, size: engine.relations.size, lines: lines.length }
}

/** How linear memory grows over a number of decisions. */
async function growth(decisions: number): Promise<Measured> {
  const { document, requests } = rbacAbac.build({ case: sizeCase(1000), seed: 1 })
  const { createEngine } = await importBuilt()
  const memories = watchMemories()
  const engine = await createEngine({ policies: document })
  for (const request of requests) engine.evaluate(request)
  const before = memories.at(-1)?.buffer.byteLength ?? Number.NaN
  for (let i = 0; i < decisions; i++) engine.evaluate(requests[i % requests.length]!)
  return { growth: (memories.at(-1)?.buffer.byteLength ?? Number.NaN) - before }
}

/** The memories of all WebAssembly instances from now on: the package keeps its own to itself. */
function watchMemories(): WebAssembly.Memory[] {
  const memories: WebAssembly.Memory[] = []
  const Original = WebAssembly.Instance
  WebAssembly.Instance = class extends Original {
    constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
      super(module, imports)
      const { memory } = this.exports
      if (memory instanceof WebAssembly.Memory) memories.push(memory)
    }
  }
  return memories
}

/** Linear memory is counted by itself. */
function heapUsed(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const [name = '', size = ''] = process.argv.slice(2)
const task = tasks[name]
if (task === undefined) throw new Error(`there is no task ${name}`)
console.log(JSON.stringify(await task(Number(size))))
