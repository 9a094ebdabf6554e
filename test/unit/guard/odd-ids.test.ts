/** Ids that nothing can have: what callers give is never the store's fault. */
import { expect, test } from 'vitest'
import { ann, ask, guardOver, trips } from './support.ts'

const odd: readonly unknown[] = ['nope', '', 'x'.repeat(5000), 'a\0b', '\ud800', 7, null]

test.each(odd)('%j is known to nobody', async (given) => {
  const id = given as string
  const { guard } = await guardOver(trips)
  const { approvals, delegations, sessions, tasks } = guard
  await expect(approvals.get(id)).rejects.toMatchObject({ code: 'E_APPROVAL_UNKNOWN' })
  await expect(approvals.approve(id, ann)).rejects.toMatchObject({ code: 'E_APPROVAL_UNKNOWN' })
  await expect(delegations.get(id)).rejects.toMatchObject({ code: 'E_DELEGATION' })
  await expect(delegations.cancel(id)).rejects.toMatchObject({ code: 'E_RESERVATION' })
  await expect(sessions.end(id)).rejects.toMatchObject({ code: 'E_SESSION' })
  await expect(tasks.start(id)).rejects.toMatchObject({ code: 'E_TASK' })
})

test.each(odd)('a session or task %j denies', async (given) => {
  const id = given as string
  const { guard } = await guardOver(trips)
  const request = ask(ann, 'read')
  expect((await guard.authorize(request)).decision).toBe(true)
  expect(await guard.authorize(request, { session: id })).toMatchObject({ decision: false, code: 'session_expired' })
  expect(await guard.authorize(request, { task: id })).toMatchObject({ decision: false, code: 'task_inactive' })
})
