import { describe, expect, it } from 'vitest'
import { createPageTokens } from '../../../src/authzen/page-token.ts'

const query = '["acme","image",["subject",{"type":"user"}]]'
const secret = Uint8Array.from({ length: 32 }, (_, i) => i)
const tokens = createPageTokens(secret)

describe('page tokens', () => {
  it('bring a position back, also in another instance with the same secret', async () => {
    for (const position of [
      { after: undefined, limit: 0 },
      { after: '', limit: 1 },
      { after: 'zoë 😀\n"', limit: 1000 },
    ]) {
      const token = await tokens.seal(query, position)
      expect(token).toMatch(/^[\w-]+$/)
      expect(await tokens.open(query, token)).toEqual(position)
      expect(await createPageTokens(Uint8Array.from(secret)).open(query, token)).toEqual(position)
    }
  })

  it('are opaque: what they hold cannot be read', async () => {
    const token = await tokens.seal(query, { after: 'secret-record', limit: 2 })
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('secret-record')
  })

  it('belong to one tenant, one image and one query', async () => {
    const token = await tokens.seal(query, { after: 'a', limit: 2 })
    for (const [from, to] of [
      ['acme', 'other'],
      ['image', 'newer'],
      ['user', 'agent'],
    ] as const) {
      await expect(tokens.open(query.replace(from, to), token), to).rejects.toMatchObject({
        code: 'E_REQUEST',
        message: 'page.token does not belong to this query and these policies; start again without a token',
      })
    }
  })

  it('cannot be made without the secret', async () => {
    const forged = await createPageTokens(new Uint8Array(32)).seal(query, { after: 'a', limit: 2 })
    await expect(tokens.open(query, forged)).rejects.toMatchObject({ code: 'E_REQUEST' })
  })

  it('are refused after any change of a character', async () => {
    const token = await tokens.seal(query, { after: 'bob', limit: 2 })
    for (let i = 0; i < token.length; i++) {
      for (const char of ['A', 'B', '_', '=', ' ', 'é']) {
        if (token[i] === char) continue
        const changed = token.slice(0, i) + char + token.slice(i + 1)
        await expect(tokens.open(query, changed), changed).rejects.toMatchObject({ code: 'E_REQUEST' })
      }
    }
    for (const text of ['', 'x', token.slice(1), token.slice(0, -1), `${token}A`, token + token]) {
      await expect(tokens.open(query, text), text).rejects.toMatchObject({ code: 'E_REQUEST' })
    }
  })

  it('need a secret that cannot be guessed', () => {
    expect(() => createPageTokens(new Uint8Array(31))).toThrow('32 bytes or more')
  })
})
