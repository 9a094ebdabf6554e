/** One rule with a condition of five terms, as a CEL expression and in operators. About half of the requests satisfy it. */
import type { PolicyDocument, Rule } from '../../src/policy/document.ts'
import { createRandom, type Random } from '../random.ts'
import { type BuildOptions, parseRequests, type Workload, type WorkloadFactory } from './workload.ts'

const expression = [
  'subject.department == "legal"',
  'resource.sensitivity <= subject.clearance',
  'context.mfa',
  'resource.status in ["draft", "in-review", "published"]',
  'context.amount < 5000',
].join(' && ')

const operators = {
  'subject.department': 'legal',
  'resource.sensitivity': { lte: { ref: 'subject.clearance' } },
  'context.mfa': true,
  'resource.status': { in: ['draft', 'in-review', 'published'] },
  'context.amount': { lt: 5000 },
} as const

export const cel: WorkloadFactory = {
  name: 'cel',
  description: 'one rule whose condition has five terms: in CEL, in operators, and in other evaluators of CEL',
  cases: () => [{ name: 'five terms', rules: 1 }],
  build,
}

function build({ case: only, seed, requests = 4096 }: BuildOptions): Workload {
  const random = createRandom(seed)
  const texts = Array.from({ length: requests }, () => JSON.stringify(makeRequest(random)))
  return {
    name: cel.name,
    case: only,
    seed,
    question: 'request',
    perCall: 1,
    document: withCondition(expression),
    operators: withCondition(operators),
    expression,
    texts,
    requests: parseRequests(texts),
  }
}

function withCondition(when: NonNullable<Rule['when']>): PolicyDocument {
  return { version: 1, tenant: 'bench', rules: [{ id: 'rule', allow: 'read', on: 'record', when }] }
}

/** Each term holds nine times in ten, but the last, which makes up the half. */
function makeRequest(random: Random) {
  const often = () => random.next() < 0.9
  const clearance = random.integer(9)
  return {
    subject: {
      type: 'user',
      id: `user-${random.integer(10_000)}`,
      properties: { department: often() ? 'legal' : 'sales', clearance },
    },
    action: { name: 'read' },
    resource: {
      type: 'record',
      id: `record-${random.integer(10_000)}`,
      properties: {
        sensitivity: often() ? random.integer(clearance + 1) : clearance + 1,
        status: often() ? random.pick(['draft', 'in-review', 'published']) : 'archived',
      },
    },
    context: { mfa: often(), amount: random.integer(random.next() < 0.7 ? 5000 : 10_000) },
  }
}
