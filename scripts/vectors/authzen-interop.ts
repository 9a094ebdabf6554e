/** The AuthZEN interop's requests, with what a PDP should answer: sent over HTTP to the example that holds the scenario's policies. */
import { readFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { nameOf } from './name.ts'
import type { Api, Case, Outcome, Runner, VectorFile } from './runner.ts'

const source = 'openid/authzen interop'

/** File → the example with its policies, and where its requests go. */
const scenarios: Readonly<Record<string, { readonly example: string; readonly evaluation: string }>> = {
  todo: { example: 'authzen-todo', evaluation: 'evaluation' },
  'search-subject': { example: 'authzen-search', evaluation: 'search/subject' },
  'search-resource': { example: 'authzen-search', evaluation: 'search/resource' },
  'search-action': { example: 'authzen-search', evaluation: 'search/action' },
}

interface InteropCase extends Case {
  readonly endpoint: string
  readonly request: unknown
  readonly expected: unknown
}

/** A file of `evaluation` and perhaps `evaluations`; undefined when it is another one. */
export function readInterop(path: string, content: object): VectorFile | undefined {
  const name = nameOf(path)
  const scenario = scenarios[name.slice(name.indexOf('/') + 1)]
  if (scenario === undefined || !('evaluation' in content)) return undefined
  const listed = (key: string, endpoint: string): InteropCase[] => {
    const items: unknown = Reflect.get(content, key)
    if (!Array.isArray(items)) return []
    return items.map(({ request, expected }, i) => ({ name: `${key} ${i + 1}`, endpoint, request, expected }))
  }
  const cases = [...listed('evaluation', scenario.evaluation), ...listed('evaluations', 'evaluations')]
  return { name, source, cases }
}

export function interopRunner({ name, source: of }: Pick<VectorFile, 'name' | 'source'>): Runner | undefined {
  const example = scenarios[name.slice(name.indexOf('/') + 1)]?.example
  if (of !== source || example === undefined) return undefined
  let app: ReturnType<Api['createApp']> | undefined
  return async (one, api) => {
    app ??= await serveExample(example, api)
    return replay(one as InteropCase, app)
  }
}

async function serveExample(example: string, { createApp, createEngine }: Api) {
  const text = await readFile(new URL(`../../examples/${example}/policies.yaml`, import.meta.url), 'utf8')
  return createApp({ engine: await createEngine({ policies: { name: `${example}.yaml`, text } }) })
}

async function replay(one: InteropCase, app: ReturnType<Api['createApp']>): Promise<Outcome> {
  const { endpoint, request, expected } = one
  const response = await app.request(`/access/v1/${endpoint}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(request),
  })
  const got = answerOf(await response.json())
  const wanted = typeof expected === 'boolean' ? { decision: expected } : answerOf(expected)
  return isDeepStrictEqual(got, wanted) ? { kind: 'passed' } : { kind: 'failed', request, expected, got }
}

/** What the scenario compares: decisions without their context, results in any order. */
function answerOf(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(({ decision }) => decision)
  if (typeof body !== 'object' || body === null) return body
  if ('evaluations' in body) return answerOf(body.evaluations)
  if ('results' in body && Array.isArray(body.results)) return body.results.map((one) => JSON.stringify(one)).sort()
  return 'decision' in body ? { decision: body.decision } : body
}
