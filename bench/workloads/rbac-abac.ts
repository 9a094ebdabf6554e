/**
 * Roles and attributes: every rule names one action, one resource type and one role, and tests three attributes; one
 * rule in ten denies. Rules are spread evenly over the keys (action, type, role), of which there are 100,000: so a key has
 * one rule up to 100,000 rules and ten at 1,000,000.
 */
import type { Rule, Test } from '../../src/policy/document.ts'
import { createRandom, type Random } from '../random.ts'
import {
  type Draft,
  optionalPaths,
  randomContext,
  randomResource,
  randomSubject,
  randomTests,
  remove,
  satisfy,
  userId,
  violate,
} from './attributes.ts'
import { names, nouns, verbs } from './names.ts'
import { type BuildOptions, parseRequests, sizeCase, type Workload, type WorkloadFactory } from './workload.ts'

const defaultRequests = 16_384
const rulesPerKey = 10
const actionCount = 20
const roleCount = 10
const smallestTypeCount = 500

const sizes = [1, 100, 1000, 10_000, 100_000, 1_000_000]
const quickSizes = [1000]

export const rbacAbac: WorkloadFactory = {
  name: 'rbac-abac',
  description: 'one action, one resource type, one role and three attribute tests a rule; one rule in ten denies',
  cases: ({ rules, quick }) => (rules ?? (quick ? quickSizes : sizes)).map(sizeCase),
  build,
}

/** A rule with what the request generator needs to aim at it. */
interface Target {
  readonly rule: Rule
  readonly action: string
  readonly type: string
  readonly role: string
  readonly tests: Readonly<Record<string, Test>>
}

function build({ case: size, seed, requests = defaultRequests }: BuildOptions): Workload {
  const random = createRandom(seed)
  const targets = makeTargets(size.rules, random)
  const texts = Array.from({ length: requests }, () => JSON.stringify(makeRequest(targets, random)))
  return {
    name: rbacAbac.name,
    case: size,
    seed,
    question: 'request',
    perCall: 1,
    document: {
      version: 1,
      tenant: 'bench',
      roles: Object.fromEntries(names(['role'], roleCount).map((role) => [role, []])),
      rules: targets.map((target) => target.rule),
    },
    texts,
    requests: parseRequests(texts),
  }
}

function makeTargets(count: number, random: Random): Target[] {
  const typeCount = Math.max(smallestTypeCount, Math.ceil(count / rulesPerKey / actionCount / roleCount))
  const actions = names(verbs, actionCount)
  const types = names(nouns, typeCount)
  const roles = names(['role'], roleCount)
  const keys = random.shuffle(Array.from({ length: actionCount * typeCount * roleCount }, (_, key) => key))
  const denies = random.shuffle(Array.from({ length: count }, (_, rule) => rule < Math.floor(count / 10)))

  return denies.map((deny, number): Target => {
    const key = keys[number % keys.length]!
    const action = actions[key % actionCount]!
    const type = types[Math.floor(key / actionCount) % typeCount]!
    const role = roles[Math.floor(key / actionCount / typeCount)]!
    const tests = randomTests(random, 3)
    const because = number % 10 === 3 ? { because: `${role} may ${deny ? 'not ' : ''}${action} this ${type}` } : {}
    const obligations = number % 20 === 7 ? { obligations: [{ id: 'log', level: 'info' }] } : {}
    const rest = { on: type, to: { role }, when: tests, ...because, ...obligations }
    const id = `rule-${number}`
    return { rule: deny ? { id, deny: action, ...rest } : { id, allow: action, ...rest }, action, type, role, tests }
  })
}

/** Aims at a rule and hits it, or misses it in one of the ways that requests miss. */
function makeRequest(targets: readonly Target[], random: Random): Draft {
  const target = random.pick(targets)
  const draft = draftFor(target, random)
  // Twice, since one test may change an attribute that an earlier one compares with.
  for (let round = 0; round < 2; round++) {
    for (const [path, test] of Object.entries(target.tests)) satisfy(draft, path, test, random)
  }

  const kind = random.integer(100)
  if (kind < 60) return draft
  if (kind < 80) {
    const [path, test] = random.pick(Object.entries(target.tests))
    violate(draft, path, test)
  } else if (kind < 85) {
    draft.action.name = 'impersonate'
  } else if (kind < 90) {
    draft.resource.type = 'secret'
  } else if (kind < 95) {
    draft.subject.properties.roles = ['visitor']
  } else {
    const tested = optionalPaths.filter((path) => path in target.tests)
    remove(draft, random.pick(tested.length > 0 ? tested : optionalPaths))
  }
  return draft
}

function draftFor({ action, type, role }: Target, random: Random): Draft {
  const second = random.integer(10)
  const roles = second < 3 ? [role, `role-${second}`] : [role]
  return {
    subject: { type: 'user', id: userId(random), properties: randomSubject(random, [...new Set(roles)]) },
    action: { name: action },
    resource: { type, id: `${type}/${random.integer(1_000_000)}`, properties: randomResource(random) },
    context: randomContext(random),
  }
}
