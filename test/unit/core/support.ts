/** Asking the core what single tests come to, many at once. */
import { createEngine } from '../../../src/engine/index.ts'
import type { PolicyDocument, Rule, Tests } from '../../../src/policy/document.ts'

/** What a test comes to; `n.e.` is not evaluable. */
export type Truth = true | false | 'n.e.'

/**
 * An engine that has every test on `context.value`, and says what each comes to for a value. `context.other` is there to be
 * referred to.
 *
 * @example
 * const truths = await createTester([{ gt: 3 }, { eq: 'x' }])
 * truths(5) // [true, false]
 */
export async function createTester(tests: readonly Tests[]): Promise<(value: unknown, other?: unknown) => Truth[]> {
  const path = 'context.value'
  const rules = tests.flatMap((test, i): Rule[] => [
    { id: `true ${i}`, allow: 'read', when: { [path]: test } },
    // A test or its negation is true exactly when it can be evaluated.
    { id: `known ${i}`, allow: 'read', when: { any: [{ [path]: test }, { not: { [path]: test } }] } },
  ])
  const policies: PolicyDocument = { version: 1, rules }
  const engine = await createEngine({ policies })
  return (value, other) => {
    const decision = engine.evaluate({
      subject: { type: 'user', id: 'alice' },
      action: { name: 'read' },
      resource: { type: 'doc', id: 'd1' },
      context: { value, other },
    })
    if (decision.code === 'limit' || decision.code === 'trap') throw new Error(`the engine says ${decision.code}`)
    const held = new Set(decision.rules)
    return tests.map((_, i) => (held.has(`known ${i}`) ? held.has(`true ${i}`) : 'n.e.'))
  }
}
