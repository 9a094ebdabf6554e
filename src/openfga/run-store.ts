/** Running a store's assertions through the engine. */
import { createEngine } from '../engine/index.ts'
import type { Engine } from '../engine/types.ts'
import type { PolicyDocument } from '../policy/document.ts'
import type { Store, StoreTest } from './store-file.ts'
import { firstUnsaid, objectsOf, subjectsOf, unsaid } from './unsaid.ts'

export interface StoreResult {
  readonly name: string
  /** What of the model this engine does not cover, by name and reason; nothing of the store was run then. */
  readonly uncovered?: readonly string[]
  readonly results: readonly AssertionResult[]
}

export interface AssertionResult {
  readonly test: string
  readonly kind: 'check' | 'list_objects' | 'list_users'
  /** What was asked: `user:anne viewer document:1`. */
  readonly asked: string
  readonly expected: boolean | 'caveated' | readonly string[]
  /** What the engine said; undefined when it threw, or could not say. */
  readonly got: boolean | 'caveated' | readonly string[] | undefined
  /** What the engine threw, or why it could not say. */
  readonly error?: string
  readonly passed: boolean
}

/**
 * Runs every assertion of a store.
 *
 * @throws PolicyError when the model or its tuples are not as they should be
 * @example const { results } = await runStore(await loadStore('store.fga.yaml', (path) => readFile(path, 'utf8')))
 */
export async function runStore(store: Store): Promise<StoreResult> {
  const policies = { version: 1, relations: { openfga: store.model }, entities: { tuples: store.tuples } }
  const engine = await createEngine({ policies: policies as PolicyDocument })
  return { name: store.name, results: store.tests.flatMap((test) => runTest(test, store.tuples, engine)) }
}

function runTest(test: StoreTest, shared: Store['tuples'], { relations }: Engine): AssertionResult[] {
  const tuples = [...shared, ...test.tuples]
  const scene = (context: Readonly<Record<string, unknown>> | undefined) => ({
    contextualTuples: test.tuples,
    ...(context !== undefined && { context }),
  })
  const checks = test.check.flatMap(({ user, object, context, assertions }) =>
    Object.entries(assertions).map(([relation, expected]) =>
      compare(test, 'check', `${user} ${relation} ${object}`, expected, () => {
        const answer = relations.check({ subject: user, relation, object, ...scene(context) })
        return { got: answer.allowed, unsaid: unsaid(answer) }
      }),
    ),
  )
  const objects = test.listObjects.flatMap(({ user, type, context, assertions }) =>
    Object.entries(assertions).map(([relation, expected]) =>
      compare(test, 'list_objects', `${user} ${relation} ${type}`, sorted(expected), () => {
        const question = { subject: user, relation, ...scene(context) }
        const got = sorted(relations.listObjects({ ...question, type }))
        const all = objectsOf(type, tuples, user)
        return { got, unsaid: firstUnsaid(all, (object) => relations.check({ ...question, object })) }
      }),
    ),
  )
  const users = test.listUsers.flatMap(({ object, type, context, assertions }) =>
    Object.entries(assertions).map(([relation, expected]) =>
      compare(test, 'list_users', `${type} ${relation} ${object}`, sorted(expected), () => {
        const question = { object, relation, ...scene(context) }
        const got = sorted(relations.listSubjects({ ...question, type }))
        const all = subjectsOf(type, tuples, object)
        return { got, unsaid: firstUnsaid(all, (subject) => relations.check({ ...question, subject })) }
      }),
    ),
  )
  return [...checks, ...objects, ...users]
}

/** What the engine said, and why it could not say all of it. */
interface Said {
  readonly got: boolean | readonly string[]
  readonly unsaid: string | undefined
}

function compare(
  test: StoreTest,
  kind: AssertionResult['kind'],
  asked: string,
  expected: boolean | readonly string[],
  ask: () => Said,
): AssertionResult {
  const question = { test: test.name, kind, asked, expected }
  try {
    const { got, unsaid } = ask()
    if (unsaid !== undefined) return { ...question, got: undefined, error: unsaid, passed: false }
    return { ...question, got, passed: JSON.stringify(got) === JSON.stringify(expected) }
  } catch (error) {
    return { ...question, got: undefined, error: error instanceof Error ? error.message : String(error), passed: false }
  }
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...texts].sort()
}
