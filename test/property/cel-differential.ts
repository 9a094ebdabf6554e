/** Random expressions and contexts: compiler and core against @bufbuild/cel, values and errors. */
import type { Tree } from '../../src/cel/tree.ts'
import type { CelValue } from '../../src/engine/cel-value.ts'
import { type ReferenceValue, referenceCel } from '../reference/cel.ts'
import { check, compileExpressions } from '../support/cel.ts'
import { randomContext, randomExpression } from './cel-expressions.ts'

export interface CelOutcome {
  readonly pairs: number
  readonly expressions: number
  /** How many of the pairs were errors in both. */
  readonly errors: number
  /** Expressions that the checker refused, and must not have. */
  readonly refused: readonly string[]
  /** At most ten. */
  readonly disagreements: readonly string[]
}

const AT_A_TIME = 200
const CONTEXTS = 10

/** Compares at least `runs` pairs of an expression and a context. */
export async function celDifferential(runs: number, seed: number): Promise<CelOutcome> {
  let pairs = 0
  let expressions = 0
  let errors = 0
  const refused: string[] = []
  const disagreements: string[] = []
  for (let round = 0; pairs < runs && disagreements.length < 10; round++) {
    const texts = Array.from({ length: AT_A_TIME }, (_, i) => randomExpression(seed + round * AT_A_TIME + i))
    const trees: { tree: Tree; source: string }[] = []
    for (const source of texts) {
      const { tree, problems } = check(source)
      if (tree !== undefined) trees.push({ tree, source })
      else refused.push(`${source}: ${problems.map(({ found }) => found).join('; ')}`)
    }
    const evaluate = await compileExpressions(trees)
    expressions += trees.length
    for (let c = 0; c < CONTEXTS; c++) {
      const context = randomContext(seed + round * CONTEXTS + c)
      const values = evaluate({
        subject: { type: 'user', id: 'ann' },
        action: { name: 'read' },
        resource: { type: 'page', id: '1' },
        context,
      })
      trees.forEach(({ source }, i) => {
        const expected = plain(referenceCel(source, { context }))
        const value = values[i]
        // Compiled to tests of the core's own, which have a truth and no value: see idle-rules and differential.
        if (value === undefined) return
        const got = plain(engineValue(value))
        pairs++
        if (got === '{"type":"error"}') errors++
        if (expected !== got && disagreements.length < 10) {
          disagreements.push(
            `${source}\n  with ${JSON.stringify(context)}\n  reference ${expected}\n  engine    ${got}`,
          )
        }
      })
    }
  }
  return { pairs, expressions, errors, refused, disagreements }
}

function engineValue(value: CelValue): ReferenceValue {
  switch (value.type) {
    case 'list':
      return { type: 'list', value: value.value.map(engineValue) }
    case 'map':
      return { type: 'map', value: (value.value ?? []).map(([key, one]) => [engineValue(key), engineValue(one)]) }
    case 'bytes':
      return { type: 'bytes', value: [...value.value] }
    case 'timestamp':
    case 'duration':
      return { type: value.type, value: [value.seconds, value.nanos] }
    case 'error':
      return { type: 'error' }
    case 'null':
      return { type: 'null' }
    default:
      return { type: value.type, value: value.value }
  }
}

/** As text that can be compared: maps in the order of their keys, special numbers by name. */
function plain(value: ReferenceValue): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'bigint') return `${one}`
    if (typeof one === 'number') return Object.is(one, -0) ? '-0' : String(one)
    if (typeof one === 'object' && one !== null && 'type' in one && one.type === 'map' && 'value' in one) {
      const entries = (one.value as readonly unknown[]).map((entry) => plain({ type: 'entry', value: entry }))
      return { type: 'map', entries: entries.sort() }
    }
    return one
  })
}
