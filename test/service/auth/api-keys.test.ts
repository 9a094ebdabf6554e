import { describe, expect, it } from 'vitest'
import { apiKeys, createApiKey, readApiKeys } from '../../../src/service/auth/index.ts'
import { bearer, keysOf, now, random, who } from './support.ts'

describe('an API key', () => {
  it('is 32 random bytes after its id, and only its hash is kept', async () => {
    const drawn: number[] = []
    const { key, id, sha256 } = await createApiKey((length) => {
      drawn.push(length)
      return random(length)
    })
    expect(drawn).toEqual([8, 32])
    expect(key).toMatch(new RegExp(`^spk_${id}_[\\w-]{43}$`))
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key))
    expect(sha256).toBe(Buffer.from(digest).toString('base64url'))
  })

  it('says who calls, for which tenants, and what else is known', async () => {
    const { made, identify } = await keysOf([
      { type: 'gateway', attributes: { roles: ['operator'] } },
      { tenants: 'all' },
    ])
    expect(await who(identify, bearer(made[0]?.key ?? ''))).toEqual({
      id: 'pep',
      type: 'gateway',
      tenants: ['acme'],
      attributes: { roles: ['operator'] },
      proof: 'api-key',
    })
    expect(await who(identify, bearer(made[1]?.key ?? ''))).toEqual({ id: 'pep', tenants: 'all', proof: 'api-key' })
  })

  it('is wrong when a character is, when it is unknown, and when it has expired', async () => {
    const soon = new Date(now + 1).toISOString()
    const { made, identify } = await keysOf([{}, { expires: new Date(now).toISOString() }, { expires: soon }])
    const [good, old, last] = made.map(({ key }) => key)
    const other = await createApiKey(random)
    const flip = (text: string, at: number) =>
      `${text.slice(0, at)}${text[at] === 'a' ? 'b' : 'a'}${text.slice(at + 1)}`
    expect(await who(identify, bearer(last ?? ''))).toMatchObject({ id: 'pep' })
    const key = good ?? ''
    const changed = Array.from(key, (_, at) => flip(key, at)).filter((text) => text.startsWith('spk_'))
    expect(changed.length).toBeGreaterThan(50)
    for (const wrong of [old ?? '', other.key, `${key}x`, key.slice(0, -1), 'spk_', ...changed]) {
      expect(await who(identify, bearer(wrong)), wrong).toBe('invalid')
    }
  })

  it("is nobody's affair when it is none", async () => {
    const { identify } = await keysOf([{}])
    for (const headers of [{}, { Authorization: 'Basic spk_' }, bearer('abc'), { Authorization: 'Bearer' }]) {
      expect(await who(identify, headers)).toBeUndefined()
    }
  })

  it('may be one of several of a caller, and be taken away while the service runs', async () => {
    const { made, document } = await keysOf([{}, {}])
    let keys = readApiKeys(document)
    const identify = apiKeys({ keys: () => keys, now: () => now })
    const ask = async (i: number) => who(identify, bearer(made[i]?.key ?? ''))
    expect([await ask(0), await ask(1)]).toMatchObject([{ id: 'pep' }, { id: 'pep' }])
    keys = readApiKeys({ keys: document.keys.slice(1) })
    expect([await ask(0), await ask(1)]).toMatchObject(['invalid', { id: 'pep' }])
  })
})

describe('records of keys', () => {
  const good = { id: '0123456789abcdef', sha256: 'A'.repeat(43), caller: 'pep', tenants: ['acme'] }
  it.each([
    ['no list', {}, 'the keys are { "keys": [ … ] }'],
    ['a text', { keys: ['x'] }, 'keys[0] is no object'],
    ['a misspelt end', { keys: [{ ...good, expire: '2026-01-01' }] }, 'keys[0] has the unknown member "expire"'],
    ['no hash', { keys: [{ ...good, sha256: 'AAAA' }] }, 'keys[0].sha256 is 32 bytes'],
    ['no caller', { keys: [{ ...good, caller: '' }] }, 'keys[0].caller is the name'],
    ['no tenants', { keys: [{ ...good, tenants: undefined }] }, 'keys[0].tenants is a list of names, or "all"'],
    ['one tenant as text', { keys: [{ ...good, tenants: 'acme' }] }, 'keys[0].tenants is a list of names, or "all"'],
    ['an end that is no time', { keys: [{ ...good, expires: 'soon' }] }, 'keys[0].expires is a time'],
    ['an id twice', { keys: [good, good] }, 'keys[1].id is that of another key'],
    ['attributes as a list', { keys: [{ ...good, attributes: [] }] }, 'keys[0].attributes is an object'],
  ])('with %s are refused', (_name, document, message) => {
    expect(() => readApiKeys(document)).toThrow(message)
  })
})
