/** Policies that are too old give nobody anything: no relation, and no vote. */
import { expect, test } from 'vitest'
import { AgingEngine } from '../../src/bundle/aging-engine.ts'
import { createGuard } from '../../src/guard/index.ts'
import { createEngine } from '../../src/index.ts'
import { memoryStore } from '../../src/store/memory/index.ts'

async function aging(by: string) {
  const age = { isStale: false }
  const whole = await createEngine({
    policies: {
      version: 1,
      roles: { boss: [] },
      entities: { subjects: [{ type: 'user', id: 'mia', roles: ['boss'] }] },
      relations: { user: {}, doc: { owner: ['user'] } },
      rules: [{ id: 'purge', review: 'purge', approval: { by } }],
    },
    tuples: ['doc:1#owner@user:mia'],
  })
  return { age, engine: new AgingEngine(whole, () => age.isStale) }
}

test('nobody has a relation while they are too old', async () => {
  const { age, engine } = await aging('relation:owner')
  const { relations } = engine
  const question = { subject: 'user:mia', relation: 'owner', object: 'doc:1' }
  const answers = () => [
    relations.check(question).allowed,
    relations.listObjects({ ...question, type: 'doc' }),
    relations.listSubjects({ ...question, type: 'user' }),
    relations.candidateObjects({ ...question, type: 'doc' }),
    relations.candidateSubjects({ ...question, type: 'user' }),
  ]
  const known = [true, ['doc:1'], ['user:mia'], ['doc:1'], ['user:mia']]
  expect(answers()).toEqual(known)
  age.isStale = true
  expect(answers()).toEqual([false, [], [], [], []])
  expect(() => relations.check({ ...question, relation: 'none' })).toThrow(expect.objectContaining({ code: 'E_TUPLE' }))
  expect([relations.size, relations.types, relations.has('doc:1#owner@user:mia')]).toEqual([1, ['user', 'doc'], true])
  age.isStale = false
  expect(answers()).toEqual(known)
})

test.each(['relation:owner', 'role:boss', 'user:mia'])('nobody approves by them: %s', async (by) => {
  const { age, engine } = await aging(by)
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const guard = createGuard({ engine, store: memoryStore(), clock: () => 0, random })
  const mia = { type: 'user', id: 'mia' }
  const { approvals } = await guard.authorize({
    subject: { type: 'agent', id: 'jo' },
    action: { name: 'purge' },
    resource: { type: 'doc', id: '1' },
  })
  const { id } = approvals[0]!
  age.isStale = true
  await expect(guard.approvals.approve(id, mia)).rejects.toMatchObject({ code: 'E_APPROVAL_FORBIDDEN' })
  expect(await guard.approvals.pending({ approver: mia })).toEqual([])
  age.isStale = false
  expect(await guard.approvals.approve(id, mia)).toMatchObject({ state: 'approved' })
})
