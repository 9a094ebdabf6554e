import { describe, expect, it } from 'vitest'
import { decideBy } from '../../../src/authzen/decide.ts'
import { answerEvaluation } from '../../../src/authzen/evaluation.ts'
import { answerEvaluations } from '../../../src/authzen/evaluations.ts'
import type { JsonObject } from '../../../src/authzen/json.ts'
import { defaultLimits } from '../../../src/authzen/limits.ts'
import { createEngine } from '../../../src/engine/index.ts'
import { createPace } from '../../../src/pace.ts'
import { testTurns } from '../../support/turns.ts'

const engine = await createEngine({
  policies: {
    version: 1,
    rules: [
      { id: 'low', allow: '*', when: { 'resource.level': { lt: 5 } } },
      { id: 'by-day', allow: 'visit', when: { 'context.day': true } },
    ],
  },
})
const subject = { type: 'user', id: 'alice' }
const action = { name: 'read' }
const level = (n: number) => ({ type: 'doc', id: `d${n}`, properties: { level: n } })
const decide = decideBy(engine, 0)
const answer = (body: JsonObject) => answerEvaluations(decide, body, defaultLimits)
/** The decisions of a batch answer. */
const outcomes = async (body: JsonObject) => {
  const result = await answer(body)
  return 'evaluations' in result ? result.evaluations.map((item) => item.decision) : result
}

describe('answerEvaluation', () => {
  it.each([
    [{}, 'subject is missing; give an object'],
    [{ subject: 'alice' }, 'subject is a string; give an object'],
    [{ subject: [] }, 'subject is a list; give an object'],
    [{ subject: null }, 'subject is null; give an object'],
    [{ subject: { id: 'a' } }, 'subject.type is missing; give a string'],
    [{ subject: { type: 'user' } }, 'subject.id is missing; give a string'],
    [{ subject: { type: 'user', id: 7 } }, 'subject.id is a number; give a string'],
    [{ subject: { ...subject, properties: [] } }, 'subject.properties is a list; give an object'],
    [{ subject }, 'action is missing; give an object'],
    [{ subject, action: {} }, 'action.name is missing; give a string'],
    [{ subject, action: { name: true } }, 'action.name is a boolean; give a string'],
    [{ subject, action }, 'resource is missing; give an object'],
    [{ subject, action, resource: { type: 'doc', id: {} } }, 'resource.id is an object; give a string'],
    [{ subject, action, resource: level(1), context: 'now' }, 'context is a string; give an object'],
    [{ subject, action, resource: level(1), tenant: 1 }, 'tenant is a number; give a string'],
  ])('refuses %j', (body, message) => {
    expect(() => answerEvaluation(decide, body)).toThrow(message)
  })

  it('denies a request that names another tenant', () => {
    const body = { subject, action, resource: level(1) }
    expect(answerEvaluation(decide, { ...body, tenant: 'default' })).toEqual({ decision: true })
    expect(answerEvaluation(decide, { ...body, tenant: 'other' })).toMatchObject({
      decision: false,
      context: { code: 'unknown_tenant' },
    })
  })
})

describe('answerEvaluations', () => {
  it('is a single evaluation without items', async () => {
    expect(await answer({ subject, action, resource: level(1) })).toEqual({ decision: true })
    expect(await answer({ subject, action, resource: level(1), evaluations: [] })).toEqual({ decision: true })
    await expect(answer({ subject, action, evaluations: [] })).rejects.toThrow('resource is missing')
  })

  it('gives items the top-level parts they leave out, whole', async () => {
    const body = {
      subject,
      action,
      resource: level(1),
      evaluations: [{}, { resource: level(9) }, { resource: level(2) }],
    }
    expect(await outcomes(body)).toEqual([true, false, true])
    // No merging below the parts: an id alone does not borrow the type, properties do not survive.
    expect(
      await answer({ ...body, evaluations: [{ resource: { id: 'd1' } }, { resource: { type: 'doc', id: 'd1' } }] }),
    ).toEqual({
      evaluations: [
        {
          decision: false,
          context: {
            code: 'E_REQUEST',
            error: { status: 400, message: expect.stringContaining('evaluations[0].resource.type is missing') },
          },
        },
        { decision: false, context: { code: 'no_match', reason: expect.any(String) } },
      ],
    })
  })

  it('replaces the context whole too', async () => {
    const body = { subject, action: { name: 'visit' }, resource: { type: 'doc', id: 'd' }, context: { day: true } }
    expect(await outcomes({ ...body, evaluations: [{}, { context: {} }, { context: { day: false } }] })).toEqual([
      true,
      false,
      false,
    ])
  })

  it('decides the others when an item is wrong', async () => {
    const items = [{ resource: level(1) }, {}, 7, null, { resource: level(1), action: 'read' }, { resource: level(2) }]
    const result = await answer({ subject, action, evaluations: items })
    expect(await outcomes({ subject, action, evaluations: items })).toEqual([true, false, false, false, false, true])
    expect(result).toHaveProperty(
      'evaluations.1.context.error.message',
      'evaluations[1].resource is missing; give an object',
    )
    expect(result).toHaveProperty('evaluations.2.context.error.message', 'evaluations[2] is a number; give an object')
    expect(result).toHaveProperty('evaluations.4.context.error.status', 400)
  })

  it('stops at the first denial or permit when asked to', async () => {
    const evaluations = [9, 1, 9, 1].map((n) => ({ resource: level(n) }))
    const run = (evaluations_semantic: string, items: unknown[]) =>
      outcomes({ subject, action, options: { evaluations_semantic, other: 1 }, evaluations: items })
    expect(await run('execute_all', evaluations)).toEqual([false, true, false, true])
    expect(await run('permit_on_first_permit', evaluations)).toEqual([false, true])
    expect(await run('deny_on_first_deny', evaluations)).toEqual([false])
    expect(await run('deny_on_first_deny', evaluations.slice(1))).toEqual([true, false])
    expect(await run('deny_on_first_deny', [{ resource: level(1) }, {}, { resource: level(1) }])).toEqual([true, false])
  })

  it('does not decide what comes after the end', async () => {
    const evaluations = [1, 9, 1, 9].map((n) => ({ resource: level(n) }))
    const decided = async (evaluations_semantic: string) => {
      const ids: string[] = []
      const body = { subject, action, options: { evaluations_semantic }, evaluations }
      await answerEvaluations(
        (request) => {
          ids.push(request.resource.id)
          return decide(request)
        },
        body,
        defaultLimits,
      )
      return ids
    }
    expect(await decided('execute_all')).toEqual(['d1', 'd9', 'd1', 'd9'])
    expect(await decided('deny_on_first_deny')).toEqual(['d1', 'd9'])
    expect(await decided('permit_on_first_permit')).toEqual(['d1'])
  })

  it('denies those for which no time is left, as errors of their own', async () => {
    const turns = testTurns()
    const slow: typeof decide = (request) => {
      turns.pass(60)
      return decide(request)
    }
    const limits = { ...defaultLimits, time: 100 }
    const run = (more: JsonObject) => {
      const evaluations = [9, 1, 1, 9].map((n) => ({ resource: level(n) }))
      return answerEvaluations(slow, { subject, action, evaluations, ...more }, limits, createPace(turns, 100))
    }
    const message = expect.stringContaining('100 ms')
    const tooLate = { decision: false, context: { code: 'limit', reason: message, error: { status: 503, message } } }
    expect(await run({})).toEqual({
      evaluations: [
        { decision: false, context: expect.objectContaining({ code: 'no_match' }) },
        { decision: true },
        tooLate,
        tooLate,
      ],
    })
    const evaluations = [1, 1, 1, 1].map((n) => ({ resource: level(n) }))
    expect(await run({ evaluations, options: { evaluations_semantic: 'deny_on_first_deny' } })).toEqual({
      evaluations: [{ decision: true }, { decision: true }, tooLate],
    })
  })

  it.each([
    [{ evaluations: {} }, 'evaluations is an object; give a list'],
    [{ evaluations: [{}], subject: 'alice' }, 'subject is a string'],
    [{ evaluations: [{}], context: [] }, 'context is a list'],
    [{ evaluations: [{}], options: 1 }, 'options is a number'],
    [
      { evaluations: [{}], options: { evaluations_semantic: 'all' } },
      'evaluations_semantic is "all"; use execute_all,',
    ],
    [{ evaluations: [{}], options: { evaluations_semantic: 1 } }, 'evaluations_semantic is a number'],
    [{ evaluations: Array.from({ length: 1001 }, () => ({})) }, 'evaluations has 1001 items; send at most 1000'],
  ])('refuses as a whole: %j', async (body, message) => {
    await expect(answer(body)).rejects.toThrow(message)
  })
})
