/** Tasks: their states, what they narrow, and those within others. */
import { describe, expect, test } from 'vitest'
import type { Subject } from '../../../src/engine/types.ts'
import { codeOf, hour, user } from './approval/support.ts'
import { ask, guardTime, make } from './flow-support.ts'

describe('tasks', () => {
  const bot: Subject = { type: 'agent', id: 'bot' }
  const terms = { owner: bot, scopes: [{ actions: ['mail:*', 'work'], on: 'record' }], expiresAt: guardTime(2) }

  test('every transition', async () => {
    const moves = ['start', 'complete', 'fail', 'cancel'] as const
    const reach = {
      created: [],
      active: ['start'],
      completed: ['start', 'complete'],
      failed: ['start', 'fail'],
      cancelled: ['cancel'],
    } as const
    const possible: Record<string, string> = {}
    for (const [state, way] of Object.entries(reach)) {
      for (const move of moves) {
        const { guard } = await make()
        const { id } = await guard.tasks.create(terms)
        for (const step of way) await guard.tasks[step](id)
        expect((await guard.tasks.get(id)).state).toBe(state)
        const code = await codeOf(guard.tasks[move](id, 'why'))
        if (code === 'no error') possible[`${state} ${move}`] = (await guard.tasks.get(id)).state
        else expect(code).toBe('E_TASK_STATE')
      }
    }
    expect(possible).toEqual({
      'created start': 'active',
      'created cancel': 'cancelled',
      'active complete': 'completed',
      'active fail': 'failed',
      'active cancel': 'cancelled',
    })
  })
  test('narrow what is allowed, and allow nothing', async () => {
    const { guard, pass } = await make()
    const { id } = await guard.tasks.create(terms)
    const decide = async (name: string, task = id, subject = bot) =>
      (await guard.authorize(ask(name, subject), { task })).code
    expect(await decide('mail:send')).toBe('task_inactive')
    await guard.tasks.start(id)
    expect(await decide('mail:send')).toBe('matched')
    expect(await decide('work')).toBe('matched')
    expect((await guard.authorize(ask('work', bot))).code).not.toBe('matched')
    expect(await decide('edit')).toBe('outside_task')
    expect(await decide('mail:send', id, user('eve'))).toBe('task_inactive')
    expect(await decide('mail:send', 'tsk_x')).toBe('task_inactive')
    pass(2 * hour)
    expect(await decide('mail:send')).toBe('task_inactive')
    expect((await guard.tasks.get(id)).state).toBe('expired')
    expect(await codeOf(guard.tasks.complete(id))).toBe('E_TASK_STATE')
  })
  test('a child lies inside its parent, and ends with it', async () => {
    const { guard } = await make()
    const { id: parent } = await guard.tasks.create(terms)
    const child = (more: object) => guard.tasks.create({ ...terms, parent, ...more })
    expect(await codeOf(child({ scopes: [{ actions: '*' }] }))).toBe('E_TASK_EXCEEDS')
    expect(await codeOf(child({ scopes: [{ actions: 'mail:send', on: '*' }] }))).toBe('E_TASK_EXCEEDS')
    expect(await codeOf(child({ expiresAt: guardTime(3) }))).toBe('E_TASK_EXCEEDS')
    expect(await codeOf(child({ parent: 'tsk_x' }))).toBe('E_TASK')
    expect(await codeOf(child({ scopes: [] }))).toBe('E_SCOPE')
    const { id } = await child({ scopes: [{ actions: 'mail:send', on: 'record' }], title: 'send it' })
    await guard.tasks.start(id)
    const decide = async (name = 'mail:send') => (await guard.authorize(ask(name, bot), { task: id })).code
    expect(await decide()).toBe('task_inactive')
    await guard.tasks.start(parent)
    expect(await decide()).toBe('matched')
    expect(await decide('mail:read')).toBe('outside_task')
    await guard.tasks.complete(parent, 'done')
    expect(await decide()).toBe('task_inactive')
    expect(await codeOf(child({}))).toBe('E_TASK_STATE')
    expect(await guard.tasks.get(parent)).toMatchObject({ outcome: 'done', title: '' })
  })
  test('of nobody are none', async () => {
    const { guard } = await make()
    for (const owner of [undefined, null, {}, { type: 'agent', id: '' }])
      expect(await codeOf(guard.tasks.create({ ...terms, owner: owner as never }))).toBe('E_USAGE')
    const session = { subject: undefined as never, roles: ['editor'], expiresAt: guardTime(1) }
    expect(await codeOf(guard.sessions.start(session))).toBe('E_USAGE')
  })
  test('not too deep', async () => {
    const { guard } = await make()
    let { id } = await guard.tasks.create(terms)
    for (let depth = 1; depth < 8; depth++) ({ id } = await guard.tasks.create({ ...terms, parent: id }))
    expect(await codeOf(guard.tasks.create({ ...terms, parent: id }))).toBe('E_TASK_EXCEEDS')
  })
})
