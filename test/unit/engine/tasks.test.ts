/** Tasks are conditions over what the host says in `state`: their lifecycle, what they cover, and that a child lies inside its parent. */
import { expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import type { Properties } from '../../../src/engine/types.ts'

const policies = `
version: 1
rules:
  - id: at-work
    allow: "*"
    to: { type: agent }
    when:
      all:
        - state.task.status: active
        - state.task.actions: { contains: { ref: action.name } }
        - state.task.types: { contains: { ref: resource.type } }
        - now: { before: { ref: state.task.expires_at } }
        - any:
            - state.task.parent: { exists: false }
            - state.task.parent.status: active
              state.task.parent.actions: { contains: { ref: action.name } }
              state.task.parent.types: { contains: { ref: resource.type } }
              now: { before: { ref: state.task.parent.expires_at } }
`
const engine = await createEngine({ policies })
const noon = Date.UTC(2026, 3, 15, 12)
const task = { status: 'active', actions: ['read', 'write'], types: ['file'], expires_at: '2026-04-15T13:00:00Z' }

function decide(state: Properties | undefined, name = 'read', now: number | undefined = noon): string {
  const request = {
    subject: { type: 'agent', id: 'a' },
    action: { name },
    resource: { type: 'file', id: 'f' },
    ...(state && { state }),
  }
  return engine.evaluate(request, now === undefined ? {} : { now }).status
}

test.each<[string, Properties | undefined, string]>([
  ['an active task that covers it', { task }, 'allow'],
  ['no task', {}, 'deny'],
  ['no state', undefined, 'deny'],
  ['created, not begun', { task: { ...task, status: 'created' } }, 'deny'],
  ['completed', { task: { ...task, status: 'completed' } }, 'deny'],
  ['failed', { task: { ...task, status: 'failed' } }, 'deny'],
  ['another action', { task: { ...task, actions: ['write'] } }, 'deny'],
  ['another type', { task: { ...task, types: ['folder'] } }, 'deny'],
  ['over at this instant', { task: { ...task, expires_at: noon } }, 'deny'],
  ['inside its parent', { task: { ...task, parent: task } }, 'allow'],
  ['wider than its parent', { task: { ...task, parent: { ...task, actions: ['write'] } } }, 'deny'],
  ['of a parent that is done', { task: { ...task, parent: { ...task, status: 'completed' } } }, 'deny'],
  ['of a parent that is over', { task: { ...task, parent: { ...task, expires_at: noon } } }, 'deny'],
])('%s', (_, state, status) => {
  expect(decide(state)).toBe(status)
})

test('without a clock no task is at work', () => {
  expect(
    engine.evaluate({
      subject: { type: 'agent', id: 'a' },
      action: { name: 'read' },
      resource: { type: 'file', id: 'f' },
      state: { task },
    }).status,
  ).toBe('deny')
})
