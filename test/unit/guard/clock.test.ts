/** A clock that is broken lets nothing pass: by none is anything over. */
import { expect, test } from 'vitest'
import { ann, ask, bot, guardOver, refusal, start, terms, trips } from './support.ts'

test.each([Number.NaN, Number.POSITIVE_INFINITY, undefined as never])(
  'nothing is decided or lent at %s',
  async (broken) => {
    let now = start
    const { guard } = await guardOver(trips, { clock: () => now })
    const { id } = await guard.delegations.create(terms({ grantor: ann, grantee: bot, expiresAt: start + 1000 }))
    const asked = ask({ ...bot, on_behalf_of: ann }, 'travel:book')
    now = broken
    expect(await refusal(guard.authorize(asked))).toBe('E_USAGE')
    expect(await refusal(guard.authorizeAndConsume(asked))).toBe('E_USAGE')
    expect(await refusal(guard.delegations.create(terms({ grantor: ann, grantee: bot })))).toBe('E_USAGE')
    expect(await refusal(guard.delegations.revoke(id, { by: ann }))).toBe('E_USAGE')
  },
)
