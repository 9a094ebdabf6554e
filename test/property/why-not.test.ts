/** What `whyNot` says is missing, supplied: then the rule applies, and where nothing objects the request is allowed. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/index.ts'
import type {
  AccessRequest,
  Engine,
  EvaluateOptions,
  NearRule,
  Properties,
  TestExplanation,
} from '../../src/engine/types.ts'
import type { PolicyDocument, Rule } from '../../src/policy/document.ts'
import { asked, policyDocument } from './generators.ts'

const RUNS = Number(process.env.WHY_NOT_RUNS ?? 400)
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 20260302)

const counts = { roles: 0, equal: 0, allowed: 0, named: 0 }

test('the one thing that is missing makes the rule apply', { timeout: 600_000 }, async () => {
  const requests = fc.array(asked, { minLength: 10, maxLength: 20, size: 'max' })
  await fc.assert(
    fc.asyncProperty(policyDocument, fc.boolean(), requests, async (document, alone, several) => {
      const policies = plain(alone ? allowsOnly(document) : document)
      const engine = await createEngine({ policies })
      for (const { request, now, untrusted } of several) {
        const options = { ...(now !== undefined && { now }), ...(untrusted && { untrusted }) }
        for (const near of nearestOf(engine, request, options)) {
          counts.named++
          const changed = supply(request, near, policies)
          if (changed === undefined) continue
          const { rules, decision } = engine.explain(changed, options)
          const rule = rules.find(({ id }) => id === near.id)
          expect([near, rule?.outcome]).toEqual([near, 'true'])
          if (!alone || policies.combine === 'all') continue
          expect([near, decision.status]).toEqual([near, 'allow'])
          counts.allowed++
        }
      }
    }),
    { numRuns: RUNS, seed: SEED },
  )
  console.log(counts)
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(20)
})

test('without those that block it, a rule that applies allows', { timeout: 600_000 }, async () => {
  let tried = 0
  const requests = fc.array(asked, { minLength: 10, maxLength: 20, size: 'max' })
  await fc.assert(
    fc.asyncProperty(policyDocument, requests, async (document, several) => {
      const policies = plain(document)
      if (policies.combine === 'all') return
      const engine = await createEngine({ policies })
      for (const { request, now, untrusted } of several) {
        const options = { ...(now !== undefined && { now }), ...(untrusted && { untrusted }), limit: 100 }
        const near = nearestOf(engine, request, options, 100).find(({ missing }) => missing.length === 0)
        if (near === undefined) continue
        const blockers = new Set(near.blockedBy)
        const open = await createEngine({ policies: rulesOf(policies, ({ id }) => !blockers.has(id)) })
        expect([near, open.evaluate(request, options).status]).toEqual([near, 'allow'])
        // Each of them by itself is enough to keep the rule from it.
        for (const blocker of blockers) {
          const kept = rulesOf(policies, ({ id }) => !blockers.has(id) || id === blocker)
          const { status } = (await createEngine({ policies: kept })).evaluate(request, options)
          expect([near, blocker, status]).not.toEqual([near, blocker, 'allow'])
        }
        tried++
      }
    }),
    { numRuns: RUNS / 4, seed: SEED },
  )
  expect(tried).toBeGreaterThan(20)
})

const REQUEST_CODES: readonly unknown[] = ['E_REQUEST', 'E_CHAIN_DEPTH']

function nearestOf(engine: Engine, request: AccessRequest, options: EvaluateOptions, most = 5): readonly NearRule[] {
  try {
    const { decision, nearest, blockers } = engine.whyNot(request, options)
    expect(decision).toEqual(engine.evaluate(request, options))
    if (decision.decision) expect(nearest).toEqual([])
    expect(nearest.length).toBeLessThanOrEqual(most)
    for (const { missing, blockedBy } of nearest) {
      for (const { outcome } of missing) expect(outcome).not.toBe('true')
      expect(blockers.map(({ id }) => id)).toEqual(expect.arrayContaining([...blockedBy]))
    }
    return nearest
  } catch (error) {
    if (error instanceof Error && 'code' in error && REQUEST_CODES.includes(error.code)) return []
    throw error
  }
}

/** What is missing cannot be read where it is secret; one role more may be one too many where duties are separate. */
function plain({ secrets: _, separation: __, ...rest }: PolicyDocument): PolicyDocument {
  return rest
}

/** The document with its allow rules alone. */
function allowsOnly(document: PolicyDocument): PolicyDocument {
  return rulesOf(document, (rule) => rule.allow !== undefined)
}

/** The document with some of its rules. */
function rulesOf(document: PolicyDocument, keeps: (rule: Rule) => boolean): PolicyDocument {
  const sets = Object.entries(document.sets ?? {}).map(([name, set]) => [
    name,
    { ...set, rules: set.rules.filter(keeps) },
  ])
  return {
    ...document,
    ...(document.rules && { rules: document.rules.filter(keeps) }),
    ...(document.sets && { sets: Object.fromEntries(sets) }),
  }
}

/** The request with the one role or value that is missing; undefined when it is anything else. */
function supply(
  request: AccessRequest,
  { id, missing }: NearRule,
  document: PolicyDocument,
): AccessRequest | undefined {
  const [lack] = missing
  if (lack === undefined || missing.length > 1) return undefined
  const rule = [document, ...Object.values(document.sets ?? {})]
    .flatMap((set) => set.rules ?? [])
    .find((one) => one.id === id)
  if (lack.operator === 'holds one of') return withRole(request, rule, lack)
  return lack.operator === 'eq' ? withValue(request, rule, lack) : undefined
}

function withRole(request: AccessRequest, rule: Rule | undefined, lack: TestExplanation): AccessRequest | undefined {
  const written = JSON.stringify([rule?.when, rule?.unless, rule?.chain])
  // In a session, a role that it does not activate does not count.
  if (written.includes('roles') || request.state?.session !== undefined) return undefined
  counts.roles++
  const held = lack.actual === undefined ? [] : [lack.actual].flat()
  const roles = [...held, (lack.expected as readonly string[])[0]]
  return { ...request, subject: { ...request.subject, properties: { ...request.subject.properties, roles } } }
}

function withValue(request: AccessRequest, rule: Rule | undefined, lack: TestExplanation): AccessRequest | undefined {
  const [, part, key] = /^(subject|resource|action|context)\.(\w+)$/.exec(lack.path) ?? []
  const written = JSON.stringify([rule?.when, rule?.unless, rule?.chain])
  // Tested once, and by `eq` alone: another test of it may come out differently with another value.
  const constant = JSON.stringify(lack.expected)
  const tests = [`{"eq":${constant}}`, constant].map((one) => `${JSON.stringify(lack.path)}:${one}`)
  const once = written.split(String(key)).length === 2 && tests.some((one) => written.includes(one))
  const isReference = typeof lack.expected === 'object' && lack.expected !== null && !Array.isArray(lack.expected)
  if (part === undefined || key === undefined || !once || isReference) return undefined
  if (['type', 'id', 'name', 'roles', '__proto__'].includes(key)) return undefined
  counts.equal++
  const add = (properties: Properties | undefined): Properties => ({ ...properties, [key]: lack.expected })
  if (part === 'context') return { ...request, context: add(request.context) }
  const changed = request[part as 'subject' | 'resource' | 'action']
  return { ...request, [part]: { ...changed, properties: add(changed.properties) } }
}
