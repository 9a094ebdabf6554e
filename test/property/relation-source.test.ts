/** Decisions with relations that are asked for, against decisions with tuples in memory: on random policies, tuples and requests. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/index.ts'
import type { Decision } from '../../src/engine/types.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import { decideByRelations } from '../../src/relation-source/decide.ts'
import type { RelationSource } from '../../src/relation-source/port.ts'
import { hasRelation } from '../reference/relations.ts'
import { documentWithRequests } from './differential.ts'
import type { Asked } from './generators.ts'

const RUNS = Number(process.env.RELATION_SOURCE_RUNS ?? 150)

/** Answers by the plain evaluator; it counts how often it was asked for one decision. */
function plainSource(document: PolicyDocument, { request, now }: Asked): RelationSource & { rounds: number } {
  return {
    rounds: 0,
    async check(questions) {
      this.rounds++
      const holds = questions.map(({ subject, relation, object }) => {
        const truth = hasRelation(subject, relation, object, { document, request, now })
        return truth === 'n.e.' ? 'unknown' : truth
      })
      return { holds }
    },
  }
}

const UNDECIDED = ['no_match', 'not_evaluable', 'set_abstained', 'relation_limit', 'relation_unknown']

function told({ decision, status, rules, obligations, code }: Decision) {
  return { decision, status, rules, obligations, code: UNDECIDED.includes(code) ? 'undecided' : code }
}

test('the same decisions, in few rounds', { timeout: 600_000 }, async () => {
  const rounds = new Map<number, number>()
  const codes = new Set<string>()
  await fc.assert(
    fc.asyncProperty(documentWithRequests, async ([document, requests]) => {
      const here = await createEngine({ policies: document })
      const { entities: { tuples: _, ...entities } = {} } = document
      const away = await createEngine({ policies: { ...document, entities }, tuples: 'elsewhere' })
      for (const asked of requests) {
        const { request, now, untrusted } = asked
        const options = { ...(now !== undefined && { now }), ...(untrusted && { untrusted }) }
        const source = plainSource(document, asked)
        const known = await outcome(() => here.evaluate(request, options))
        const found = await outcome(() => decideByRelations(away, { source }, request, options))
        expect(found).toEqual(known)
        rounds.set(source.rounds, (rounds.get(source.rounds) ?? 0) + 1)
        if (source.rounds > 0 && 'code' in found) codes.add(String(found.code))
      }
    }),
    { numRuns: RUNS },
  )
  expect(Math.max(...rounds.keys())).toBeLessThanOrEqual(3)
  expect(rounds.get(1) ?? 0).toBeGreaterThan(100)
  expect(codes).toContain('matched')
  expect(codes).toContain('undecided')
})

async function outcome(decide: () => Decision | Promise<Decision>) {
  try {
    return told(await decide())
  } catch (error) {
    return { error: (error as { code?: string }).code }
  }
}
