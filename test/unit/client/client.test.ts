/** What the client of the service sends, and what it makes of answers that are none of the service's. */
import { describe, expect, test } from 'vitest'
import { createClient } from '../../../src/client/index.ts'

const url = 'https://authz.example.com/base'
const body = { subject: { type: 'user', id: 'ann' }, action: { name: 'read' }, resource: { type: 'record', id: 'r1' } }

/** A fetch that answers everything, and what was asked of it. */
function recording() {
  const asked: string[] = []
  const fetch = async (request: Request) => {
    asked.push(request.url)
    return Response.json({ decision: true })
  }
  return { asked, fetch }
}

describe('what is a part of a path', () => {
  test.each(['acme', 'a/../b', '...', '%2e%2e', '..;'])('stays one: %j', async (name) => {
    const { asked, fetch } = recording()
    await createClient({ url, fetch, tenant: name }).POST('/v1/authorize', { body })
    await createClient({ url, fetch }).GET('/v1/delegations/{id}', { params: { path: { id: name } } })
    const part = encodeURIComponent(name)
    expect(asked).toEqual([`${url}/tenants/${part}/v1/authorize`, `${url}/v1/delegations/${part}`])
  })

  test.each(['', '.', '..'])('is not %j, which would lead elsewhere', async (name) => {
    const { asked, fetch } = recording()
    const message = (what: string) => `${what} must not be ${JSON.stringify(name)}, as it is a part of a path`
    expect(() => createClient({ url, fetch, tenant: name })).toThrow(
      expect.objectContaining({ code: 'E_USAGE', message: message('tenant') }),
    )
    const params = { path: { id: name } }
    for (const call of [
      createClient({ url, fetch }).GET('/v1/delegations/{id}', { params }),
      createClient({ url, fetch }).POST('/v1/delegations/{id}/revoke', { params, body: {} }),
    ]) {
      await expect(call).rejects.toMatchObject({ code: 'E_USAGE', message: message('id') })
    }
    expect(asked).toEqual([])
  })
})
