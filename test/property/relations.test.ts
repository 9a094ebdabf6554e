/** Checks and lists against the plain evaluator, on random models and tuples, while tuples come and go. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/index.ts'
import type { Engine } from '../../src/engine/types.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import type { TupleObject } from '../../src/tuple/tuple.ts'
import { hasRelation, thing } from '../reference/relations.ts'
import type { Truth } from '../reference/values.ts'
import { idsOf, OBJECTS, RELATIONS, type RelationParts, relationParts, SUBJECTS } from './relations.ts'

const RUNS = Number(process.env.RELATION_RUNS ?? 100)

const CONTEXT = { text: 'eu', items: ['eu', { name: 'us' }], amount: 3, at: '2026-01-01T00:30:00Z' }

function documentOf({ tuples, ...model }: RelationParts): PolicyDocument {
  return { version: 1, ...model, entities: { tuples } }
}

const objects = OBJECTS.flatMap((type) => idsOf(type).map((id) => `${type}:${id}`))
const subjects = [
  ...SUBJECTS.flatMap((type) => [...idsOf(type), 'nobody', '*'].map((id) => `${type}:${id}`)),
  'group:eng#member',
  'record:r1#viewer',
  'group:eng',
]

function expected(document: PolicyDocument, subject: string, relation: string, object: string): Truth {
  const who = thing(subject)
  const what = thing(object)
  const request = { subject: who, action: { name: relation }, resource: what, context: CONTEXT }
  return hasRelation(who, relation, what, { document, request, now: 0 })
}

function got(engine: Engine, subject: string, relation: string, object: string): Truth {
  const { outcome } = engine.relations.check({ subject, relation, object, context: CONTEXT, now: 0 })
  return outcome === 'not_evaluable' ? 'n.e.' : outcome === 'true'
}

function compareAll(engine: Engine, document: PolicyDocument, seen: Map<Truth, number>): void {
  for (const object of objects) {
    for (const relation of RELATIONS) {
      for (const subject of subjects) {
        const wanted = expected(document, subject, relation, object)
        seen.set(wanted, (seen.get(wanted) ?? 0) + 1)
        const answer = got(engine, subject, relation, object)
        if (answer !== wanted) expect.fail(`${subject} ${relation} ${object}: ${answer}, expected ${wanted}`)
      }
    }
  }
}

test('checks, on whatever tuples there are', { timeout: 600_000 }, async () => {
  const seen = new Map<Truth, number>()
  await fc.assert(
    fc.asyncProperty(relationParts, async (parts) => {
      const document = documentOf(parts)
      compareAll(await createEngine({ policies: document }), document, seen)
    }),
    { numRuns: RUNS },
  )
  for (const truth of [true, false, 'n.e.'] as const) expect(seen.get(truth), String(truth)).toBeGreaterThan(100)
})

test('tuples that come and go leave no trace', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      relationParts,
      fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 60 }),
      async (parts, steps) => {
        const engine = await createEngine({ policies: { ...documentOf(parts), entities: {} } })
        const there = new Map<number, TupleObject>()
        for (const [number, adds] of steps) {
          const index = number % Math.max(1, parts.tuples.length)
          const tuple = parts.tuples[index]
          if (tuple === undefined) break
          const changed = adds ? engine.relations.add(tuple) : engine.relations.remove(tuple)
          expect(changed).toBe(Number(adds !== there.has(index)))
          if (adds) there.set(index, tuple)
          else there.delete(index)
          expect(engine.relations.size).toBe(there.size)
        }
        const left = [...there.values()]
        for (const tuple of parts.tuples) expect(engine.relations.has(tuple)).toBe(left.includes(tuple))
        compareAll(engine, documentOf({ ...parts, tuples: left }), new Map())
      },
    ),
    { numRuns: RUNS / 10 },
  )
})

test('lists have what checks hold, and no more', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(relationParts, async (parts) => {
      const document = documentOf(parts)
      const engine = await createEngine({ policies: document })
      const scene = { context: CONTEXT, now: 0 }
      for (const relation of RELATIONS) {
        for (const type of OBJECTS) {
          const all = idsOf(type).map((id) => `${type}:${id}`)
          for (const subject of subjects) {
            const listed = engine.relations.listObjects({ subject, relation, type, ...scene })
            const wanted = all.filter((object) => expected(document, subject, relation, object) === true)
            expect([...listed].sort(), `${subject} ${relation} ${type}`).toEqual([...wanted].sort())
          }
          for (const object of all) {
            for (const kind of ['user', 'agent', 'group#member', 'record#viewer']) {
              const listed = engine.relations.listSubjects({ object, relation, type: kind, ...scene })
              const named = namedSubjects(parts.tuples, kind)
              const wanted = named.filter((subject) => expected(document, subject, relation, object) === true)
              expectListed(listed, wanted, `${kind} ${relation} ${object}`)
            }
          }
        }
      }
    }),
    { numRuns: RUNS / 10 },
  )
})

/** Whoever tuples name with this type; every userset there could be. */
function namedSubjects(tuples: readonly TupleObject[], kind: string): readonly string[] {
  const [type = '', relation] = kind.split('#')
  if (relation !== undefined) return idsOf(type).map((id) => `${type}:${id}#${relation}`)
  const named = tuples.map(({ subject }) => subject).filter((text) => thing(text).type === type && !text.includes('#'))
  return [...new Set(named)]
}

/** Beside a wildcard, only those are promised that tuples lead to. */
function expectListed(listed: readonly string[], wanted: readonly string[], what: string): void {
  for (const one of listed) expect(wanted, what).toContain(one)
  if (wanted.some((subject) => subject.endsWith(':*'))) return
  for (const one of wanted) expect(listed, what).toContain(one)
}
