/** tbac in our words: times, schedules and tasks. */
import { expect, test } from 'vitest'
import { createEngine } from '../../../../src/engine/index.ts'
import { openGuardRequest, openGuardState } from '../../../../src/policy/dialects/open-guard/index.ts'
import { ask, imported, type Policy, policyOf, remarks, whenOf } from './support.ts'

test.each<[string, Policy, unknown]>([
  [
    'a window',
    { time_window: { not_before: '2026-04-10T00:00:00+00:00', not_after: '2026-04-17T00:00:00Z' } },
    { now: { gte: '2026-04-10T00:00:00+00:00', lte: '2026-04-17T00:00:00Z' } },
  ],
  ['nothing', {}, undefined],
  ['an empty window', { time_window: {} }, undefined],
  [
    'a time to live, whose end alone counts',
    { ttl: { reference: '2026-04-15T08:00:00+00:00', duration: 'P1DT12H30M5S' } },
    { during: { until: '2026-04-16T20:30:05.000Z' } },
  ],
  [
    'a time to live that no text says to the microsecond',
    { ttl: { reference: '2026-04-15T08:00:00.0005Z', duration: 'PT1S' } },
    { during: { until: 1776240001000.5 } },
  ],
  [
    'a schedule',
    { schedule: { days: [1, 2, 5], time_range: ['9:00', '17:30'], timezone: 'Europe/Berlin' } },
    { during: { days: [1, 2, 5], hours: '09:00-17:30', zone: 'Europe/Berlin' } },
  ],
  ['true for Monday', { schedule: { days: [true, 9] } }, { during: { days: [1] } }],
])('%s', (_, conditions, expected) => {
  expect(whenOf('tbac', conditions)).toEqual(expected)
})

test.each<[string, Policy, string]>([
  ['a range over midnight', { schedule: { time_range: ['22:00', '06:00'] } }, 'ends before it starts never holds'],
  ['no day', { schedule: { days: [0] } }, 'no day is among these "days"'],
])('%s never holds, and says so', (_, conditions, remark) => {
  const [first = '', second = ''] = remarks([policyOf('tbac', conditions)])
  expect(first).toContain(remark)
  expect(second).toContain('can never match')
})

test.each<[string, Policy, string]>([
  ['a time without an offset', { time_window: { not_after: '2026-04-10T00:00:00' } }, 'no time with an offset'],
  ['months', { ttl: { reference: '2026-04-10T00:00:00Z', duration: 'P1M' } }, '"ttl" needs a reference and a duration'],
  ['hours of no clock', { schedule: { time_range: ['9', '17'] } }, '"time_range" is no start and end'],
  ['an unknown zone', { schedule: { days: [1], timezone: 'Europe/Berlinn' } }, 'Berlinn'],
])('%s is an error', (_, conditions, message) => {
  expect(remarks([policyOf('tbac', conditions)]).join('\n')).toContain(message)
  expect(() => imported([policyOf('tbac', conditions)])).toThrow(message)
})

test('a task must be there, active, not past its time, and cover action and resource', async () => {
  const document = imported([policyOf('tbac', { task_id: 't' })])
  const engine = await createEngine({ policies: document })
  const decide = (task: object | undefined, now = 0) => {
    const state = openGuardState(task === undefined ? [] : [{ id: 't', status: 'active', ...task }])
    return engine.evaluate({ ...openGuardRequest(ask()), state }, { now }).status
  }
  expect(decide(undefined)).toBe('deny')
  expect(decide({})).toBe('allow')
  expect(decide({ status: 'completed' })).toBe('deny')
  expect(decide({ allowed_actions: ['read'], allowed_resource_types: ['document', 'x'] })).toBe('allow')
  expect(decide({ allowed_actions: ['write'] })).toBe('deny')
  expect(decide({ allowed_resource_types: [] })).toBe('deny')
  const expires_at = '1970-01-01T00:00:01Z'
  expect([decide({ expires_at }, 1000), decide({ expires_at }, 1001)]).toEqual(['allow', 'deny'])
  expect(() => openGuardState([{ id: 't', expires_at: 'tomorrow' }])).toThrow('the task "t" expires at no time')
})

test('without a clock nothing is allowed, and a deny denies', async () => {
  const window = { time_window: { not_before: '2026-01-01T00:00:00Z' } }
  const rules = [policyOf('tbac', {}, { id: 'open' }), policyOf('tbac', window, { effect: 'deny', priority: 1 })]
  const engine = await createEngine({ policies: imported(rules) })
  expect(engine.evaluate(openGuardRequest(ask())).code).toBe('not_evaluable')
  expect(engine.evaluate(openGuardRequest(ask()), { now: 0 }).status).toBe('allow')
})
