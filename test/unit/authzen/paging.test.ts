import { describe, expect, it } from 'vitest'
import { canonicalText, issueToken, readPage, readToken } from '../../../src/authzen/paging.ts'

const query = 'image\n["subject",{"type":"user"}]'

describe('page tokens', () => {
  it('bring a position back', async () => {
    for (const position of [
      { after: undefined, limit: 0 },
      { after: '', limit: 1 },
      { after: 'zoë 😀\n"', limit: 1000 },
    ]) {
      const token = await issueToken(query, position)
      expect(token).toMatch(/^[\w-]+$/)
      expect(await readToken(query, token, undefined)).toEqual(position)
      expect(await readToken(query, token, position.limit)).toEqual(position)
    }
  })

  it('belong to one query, one image and one limit', async () => {
    const token = await issueToken(query, { after: 'a', limit: 2 })
    await expect(readToken(`${query} `, token, undefined)).rejects.toThrow('does not belong to this query')
    await expect(readToken(query.replace('image', 'other'), token, undefined)).rejects.toThrow('does not belong')
    await expect(readToken(query, token, 3)).rejects.toThrow('page.limit was 2')
  })

  it('are refused after any change of a character', async () => {
    const token = await issueToken(query, { after: 'bob', limit: 2 })
    for (let i = 0; i < token.length; i++) {
      for (const char of ['A', 'B', '_', '=', ' ', 'é']) {
        if (token[i] === char) continue
        const changed = token.slice(0, i) + char + token.slice(i + 1)
        await expect(readToken(query, changed, undefined), changed).rejects.toMatchObject({ code: 'E_REQUEST' })
      }
    }
    for (const text of ['', 'x', token.slice(1), token.slice(0, -1), `${token}A`, token + token]) {
      await expect(readToken(query, text, undefined), text).rejects.toMatchObject({ code: 'E_REQUEST' })
    }
  })
})

describe('readPage', () => {
  it('takes what the specification allows and ignores the rest', () => {
    expect(readPage(undefined)).toBeUndefined()
    expect(readPage({})).toEqual({ token: undefined, limit: undefined })
    expect(readPage({ limit: 0, token: 't', properties: { sort: 'id' }, more: 1 })).toEqual({ token: 't', limit: 0 })
  })

  it.each([
    [[], 'page is a list'],
    [null, 'page is null'],
    [{ limit: -1 }, 'page.limit is "-1"'],
    [{ limit: 1.5 }, 'page.limit is "1.5"'],
    [{ limit: '1' }, 'page.limit is a string'],
    [{ token: 1 }, 'page.token is a number'],
  ])('refuses %j', (page, message) => {
    expect(() => readPage(page)).toThrow(message)
  })
})

describe('canonicalText', () => {
  it('does not depend on the order of names, and does on everything else', () => {
    expect(canonicalText({ b: { d: 1, c: [2, { f: 1, e: 2 }] }, a: null })).toBe(
      '{"a":null,"b":{"c":[2,{"e":2,"f":1}],"d":1}}',
    )
    expect(canonicalText([1, 2])).not.toBe(canonicalText([2, 1]))
    expect(canonicalText(JSON.parse('{"b":1,"__proto__":{"x":1}}'))).toBe('{"__proto__":{"x":1},"b":1}')
  })
})
