/** One rule with a condition in CEL, for each of many expressions, and the same in operators where there are such. */
import type { AccessRequest } from '../../src/engine/types.ts'
import type { PolicyDocument, Rule } from '../../src/policy/document.ts'
import { createRandom } from '../random.ts'
import { type Expression, expressions, variants } from './cel-expressions.ts'
import { type BuildOptions, type Case, parseRequests, type Workload, type WorkloadFactory } from './workload.ts'

export const cel: WorkloadFactory = {
  name: 'cel',
  description:
    'one rule with a condition: in CEL, in operators, and in other evaluators of CEL, which evaluate it alone',
  cases: ({ quick }) => (quick ? expressions.slice(0, 1) : expressions).map(({ name }) => ({ name, rules: 1 })),
  build,
}

/** The expression that a case is about. */
export function expressionOf({ name }: Case): Expression {
  const found = expressions.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no expression is called ${name}`)
  return found
}

function build({ case: only, seed, requests = 256 }: BuildOptions): Workload {
  const { expression, structured, request } = expressionOf(only)
  const random = createRandom(seed)
  const texts = Array.from({ length: requests }, (_, i) => {
    const { subject, resource, context } = request(random.integer(variants))
    const whole: AccessRequest = {
      subject: { type: 'user', id: `user-${i}`, ...(subject && { properties: subject }) },
      action: { name: 'read' },
      resource: { type: 'record', id: `record-${i}`, ...(resource && { properties: resource }) },
      ...(context && { context }),
    }
    return JSON.stringify(whole)
  })
  return {
    name: cel.name,
    case: only,
    seed,
    question: 'request',
    perCall: 1,
    document: withCondition(expression),
    ...(structured !== undefined && { operators: withCondition(structured as Rule['when']) }),
    expression,
    now: Date.UTC(2026, 10, 21, 12),
    texts,
    requests: parseRequests(texts),
  }
}

function withCondition(when: Rule['when']): PolicyDocument {
  return { version: 1, tenant: 'bench', rules: [{ id: 'rule', allow: 'read', on: 'record', when } as Rule] }
}
