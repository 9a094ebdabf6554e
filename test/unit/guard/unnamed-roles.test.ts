/** Roles that the policies declare and no rule names: options of the guard and sessions name them. */
import { expect, test } from 'vitest'
import { agent, guardOver, start, user } from './support.ts'

const policies = {
  version: 1,
  roles: { director: ['manager'], manager: ['editor'], editor: [] },
  rules: [
    { id: 'mail', allow: 'mail' },
    { id: 'purge', review: 'purge' },
    { id: 'edit', allow: 'edit', to: { role: 'editor' } },
  ],
} as const
const resource = { type: 'box', id: 'out' }
const approval = { by: 'role:manager' } as const

test.each([
  ['a limit', 'mail', { limits: [{ name: 'l', per: 'tenant', over: 'ever', reviewAbove: 0, approval }] }],
  ['rules without an approval', 'purge', { approvals: { otherwise: approval } }],
] as const)('approve what %s asks for', async (_, name, options) => {
  const { guard } = await guardOver(policies, options)
  const { approvals } = await guard.authorize({ subject: agent('bot'), action: { name }, resource })
  const id = approvals[0]?.id ?? ''
  await expect(guard.approvals.approve(id, user('eve', { roles: ['editor'] }))).rejects.toMatchObject({
    code: 'E_APPROVAL_FORBIDDEN',
  })
  expect(await guard.approvals.approve(id, user('mia', { roles: ['director'] }))).toMatchObject({ state: 'approved' })
})

test('are taken on in sessions, with what they inherit', async () => {
  const { guard } = await guardOver({ ...policies, rules: [...policies.rules] })
  const subject = user('mia', { roles: ['director'] })
  const session = await guard.sessions.start({ subject, roles: ['manager'], expiresAt: start + 1000 })
  const edit = { subject, action: { name: 'edit' }, resource }
  expect(await guard.authorize(edit, { session: session.id })).toMatchObject({ decision: true })
  await expect(
    guard.sessions.start({ subject: user('eve', { roles: ['editor'] }), roles: ['manager'], expiresAt: start + 1000 }),
  ).rejects.toMatchObject({ code: 'E_SESSION' })
})
