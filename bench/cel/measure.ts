/** One expression in this process: everyone agrees, then they take turns. Prints what was measured as JSON. */
import { cases, requestsOf } from './cases.ts'
import { contendersFor } from './contenders.ts'

export interface Measured {
  readonly name: string
  /** Nanoseconds of one evaluation. */
  readonly ns: Readonly<Record<string, number>>
  readonly unable: readonly string[]
}

/** How long each is run in a round, in milliseconds: short enough that some rounds are not disturbed on a busy machine. */
const turn = 4
const warmUp = 150

const [name, rounds] = process.argv.slice(2)
const one = cases.find((item) => item.name === name)
if (one === undefined) throw new Error(`no expression is called ${name}`)
const size = requestsOf(one).length
const { contenders, unable } = await contendersFor(one)
const held = contenders.map(({ pass }) => pass())
if (new Set(held).size !== 1) {
  throw new Error(
    `they do not agree on ${one.expression}: ${contenders.map((c, i) => `${c.name} ${held[i]}`).join(', ')}`,
  )
}

/** Passes over the requests until so many milliseconds are over; the time of one evaluation. */
function run(pass: () => number, milliseconds: number): number {
  const start = performance.now()
  let passes = 0
  let end = start
  for (; end - start < milliseconds; passes++) {
    pass()
    end = performance.now()
  }
  return ((end - start) * 1e6) / (passes * size)
}

for (const { pass } of contenders) run(pass, warmUp)
const times = contenders.map((): number[] => [])
for (let round = 0; round < Number(rounds); round++) {
  contenders.forEach(({ pass }, i) => {
    times[i]!.push(run(pass, turn))
  })
}
const ns = Object.fromEntries(contenders.map((contender, i) => [contender.name, Math.min(...times[i]!)]))
console.log(JSON.stringify({ name: one.name, ns, unable } satisfies Measured))
