/** Running a validation file's assertions through the engine. */
import { createEngine } from '../engine/index.ts'
import type { Engine } from '../engine/types.ts'
import type { AssertionResult, StoreResult } from '../openfga/run-store.ts'
import { unsaid } from '../openfga/unsaid.ts'
import { PolicyError } from '../policy/diagnostic.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { arrowFromMany } from '../policy/relations/merge.ts'
import type { Assertion, Expected, Validation } from './validation-file.ts'

/** As many steps as SpiceDB follows. */
const depth = 50

/**
 * Runs every assertion of a validation file; none of one whose schema is not covered.
 *
 * @throws PolicyError when the schema or the relationships have mistakes
 * @example const { results, uncovered } = await runValidation('x.yaml', await loadValidation('x.yaml', readText))
 */
export async function runValidation(name: string, { schema, tuples, assertions }: Validation): Promise<StoreResult> {
  if (schema.uncovered.length > 0) return { name, results: [], uncovered: schema.uncovered }
  const { relations, conditions } = schema
  const policies: PolicyDocument = { version: 1, relations, conditions, relation_depth: depth, entities: { tuples } }
  try {
    const engine = await createEngine({ policies })
    return { name, results: assertions.map((assertion) => runAssertion(assertion, engine)) }
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    const errors = error.diagnostics.filter(({ severity }) => severity === 'error')
    // A mistake is none of what there is no equal for, even beside some.
    if (!errors.every(({ message }) => message.includes(arrowFromMany))) throw error
    return { name, results: [], uncovered: errors.map(({ message }) => message) }
  }
}

function runAssertion(
  { list, text, subject, relation, object, context, expected }: Assertion,
  { relations }: Engine,
): AssertionResult {
  const question = { test: list, kind: 'check', asked: text, expected } as const
  try {
    const answer = relations.check({ subject, relation, object, context })
    const isCaveated = answer.code === 'condition'
    const error = isCaveated ? undefined : unsaid(answer)
    if (error !== undefined) return { ...question, got: undefined, error, passed: false }
    const got: Expected = isCaveated ? 'caveated' : answer.allowed
    return { ...question, got, passed: got === expected }
  } catch (error) {
    return { ...question, got: undefined, error: error instanceof Error ? error.message : String(error), passed: false }
  }
}
