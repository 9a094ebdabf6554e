/** Events of evaluations have room for what callers chose, however long. */
import { expect, test } from 'vitest'
import { evaluationEvent } from '../../../src/service/events/event.ts'

test('long names are cut, with a digest of the whole', () => {
  const long = 'x'.repeat(300_000)
  const event = evaluationEvent({
    tenant: 'default',
    id: '1',
    now: 0,
    image: 'none',
    caller: undefined,
    request: {
      subject: { type: 'agent', id: long, on_behalf_of: { type: 'user', id: long } },
      action: { name: long },
      resource: { type: long, id: `${long}y` },
    },
    answer: { decision: true },
  })
  expect(JSON.stringify(event).length).toBeLessThan(10_000)
  expect(event.subject).toMatch(/^agent:x+…\(300006 characters, sha256 [0-9a-f]{64}\)$/)
  const { type, id } = event.data.resource
  expect(type.slice(0, 1024)).toBe(id.slice(0, 1024))
  expect(type).not.toBe(id)
})
