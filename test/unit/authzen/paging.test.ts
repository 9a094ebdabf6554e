import { describe, expect, it } from 'vitest'
import { createPageTokens } from '../../../src/authzen/page-token.ts'
import { readPage, startOf } from '../../../src/authzen/paging.ts'

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

describe('startOf', () => {
  const tokens = createPageTokens(new Uint8Array(32))

  it('keeps to the limit that a search began with, which may be more than a page has', async () => {
    expect(await startOf(undefined, 'q', tokens, 10)).toEqual({ after: undefined, limit: 10 })
    expect(await startOf({ token: undefined, limit: 3 }, 'q', tokens, 10)).toEqual({ after: undefined, limit: 3 })
    expect(await startOf({ token: undefined, limit: 30 }, 'q', tokens, 10)).toEqual({ after: undefined, limit: 30 })
    const token = await tokens.seal('q', { after: 'a', limit: 3 })
    expect(await startOf({ token, limit: undefined }, 'q', tokens, 10)).toEqual({ after: 'a', limit: 3 })
    expect(await startOf({ token, limit: 3 }, 'q', tokens, 2)).toEqual({ after: 'a', limit: 3 })
    await expect(startOf({ token, limit: 4 }, 'q', tokens, 10)).rejects.toThrow('page.limit was 3')
    const long = await tokens.seal('q', { after: 'a', limit: 30 })
    await expect(startOf({ token: long, limit: 40 }, 'q', tokens, 10)).rejects.toThrow('page.limit was 30')
  })
})
