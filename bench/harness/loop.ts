/**
 * The loops that are timed. Every engine gets a copy of this module of its own, imported under a name of its own:
 * V8 keeps what it learns about a call by the place in the code, so two engines called from one loop would slow each
 * other down, and a program has only one.
 */

/** One question and its answer, as the loops need them. Where loops await, `run` gives a promise of the output. */
export interface Call<Input = unknown, Output = unknown> {
  run(input: Input): unknown
  /** How many decisions of the output allow. */
  allowed(output: Output): number
}

/** The last output of a loop. Kept where V8 cannot prove that nobody looks, so that it has to be made. */
export let lastOutput: unknown

/** Asks about the inputs from `from` to before `to`; how many decisions allowed. */
export function decideAll(call: Call, inputs: readonly unknown[], from: number, to: number): number {
  const { run, allowed } = call
  let count = 0
  for (let i = from; i < to; i++) {
    const output = run(inputs[i])
    count += allowed(output)
    lastOutput = output
  }
  return count
}

/** The same, and writes the time of each call, in nanoseconds, into `times` from `offset` on. */
export function timeEach(
  call: Call,
  inputs: readonly unknown[],
  from: number,
  to: number,
  times: Float64Array,
  offset: number,
): number {
  const { run, allowed } = call
  let count = 0
  for (let i = from; i < to; i++) {
    const input = inputs[i]
    const start = performance.now()
    const output = run(input)
    times[offset + i - from] = (performance.now() - start) * 1e6
    count += allowed(output)
    lastOutput = output
  }
  return count
}

/** `decideAll` of calls that give promises. A loop of its own: waiting, where there is nothing to wait for, takes as long as a decision. */
export async function decideAllAwaited(
  call: Call,
  inputs: readonly unknown[],
  from: number,
  to: number,
): Promise<number> {
  const { run, allowed } = call
  let count = 0
  for (let i = from; i < to; i++) {
    const output = await run(inputs[i])
    count += allowed(output)
    lastOutput = output
  }
  return count
}

/** `timeEach` of calls that give promises, for the same reason. */
export async function timeEachAwaited(
  call: Call,
  inputs: readonly unknown[],
  from: number,
  to: number,
  times: Float64Array,
  offset: number,
): Promise<number> {
  const { run, allowed } = call
  let count = 0
  for (let i = from; i < to; i++) {
    const input = inputs[i]
    const start = performance.now()
    const output = await run(input)
    times[offset + i - from] = (performance.now() - start) * 1e6
    count += allowed(output)
    lastOutput = output
  }
  return count
}

/** Decides a list item by item, for engines that have no way of their own. */
export function decideEach<Input, Output>(decide: (input: Input) => Output): (inputs: readonly Input[]) => Output[] {
  return (inputs) => {
    const outputs: Output[] = []
    for (let i = 0; i < inputs.length; i++) outputs.push(decide(inputs[i]!))
    return outputs
  }
}

/** From bytes to bytes by `JSON`, for engines that have no way of their own. */
export function decideParsed<Input, Output>(
  toInput: (parsed: never) => Input,
  decide: (input: Input) => Output,
  toBody: (output: Output) => unknown,
): (bytes: Uint8Array) => Uint8Array {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const encoder = new TextEncoder()
  // Named, for profiles.
  return function decideParsedBytes(bytes) {
    const parsed: never = JSON.parse(decoder.decode(bytes)) as never
    return encoder.encode(JSON.stringify(toBody(decide(toInput(parsed)))))
  }
}

type Loops = typeof import('./loop.ts')

/** The loops of one engine. Whoever runs one awaits it: it gives a promise where the engine does. */
export interface Loop extends Pick<Loops, 'decideEach' | 'decideParsed'> {
  readonly decideAll: Loops['decideAll'] | Loops['decideAllAwaited']
  readonly timeEach: Loops['timeEach'] | Loops['timeEachAwaited']
}

/** A copy of the loops for the engine of that name. */
export async function loadLoop(name: string, awaited = false): Promise<Loop> {
  const loops: Loops = await import(new URL(`./loop.ts?engine=${name}`, import.meta.url).href)
  if (!awaited) return loops
  return { ...loops, decideAll: loops.decideAllAwaited, timeEach: loops.timeEachAwaited }
}
