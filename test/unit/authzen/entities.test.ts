import { describe, expect, it } from 'vitest'
import { compareCodePoints } from '../../../src/store/code-points.ts'
import { memorySource } from '../../../src/store/entities/memory.ts'
import { pageOf } from '../../../src/store/entities/source.ts'

/** Ascending by code point; by UTF-16 unit, U+FF5E would come last. */
const ids = ['', 'a', 'b', 'ba', 'é', '\ud7ff', '\ue000', '～', '😀', '\u{10ffff}']

describe('candidates', () => {
  it('are ordered by code point', () => {
    expect([...ids].reverse().sort(compareCodePoints)).toEqual(ids)
    for (const [i, a] of ids.entries()) {
      for (const [j, b] of ids.entries()) expect(Math.sign(compareCodePoints(a, b)), `${a} ${b}`).toBe(Math.sign(i - j))
    }
  })

  it('come in pages that continue after any id, known or not', () => {
    expect(pageOf(ids, undefined, 3)).toEqual({ ids: ['', 'a', 'b'], more: true })
    expect(pageOf(ids, '', 2)).toEqual({ ids: ['a', 'b'], more: true })
    expect(pageOf(ids, 'aa', 2)).toEqual({ ids: ['b', 'ba'], more: true })
    expect(pageOf(ids, '～', 9)).toEqual({ ids: ['😀', '\u{10ffff}'], more: false })
    expect(pageOf(ids, '\u{10ffff}', 9)).toEqual({ ids: [], more: false })
    expect(pageOf([], undefined, 9)).toEqual({ ids: [], more: false })
  })

  it('are read from what is known at the time', async () => {
    const known = { user: ['a', 'b'] }
    const source = memorySource({ entities: (kind, type) => (kind === 'subject' && type === 'user' ? known.user : []) })
    expect(await source.list({ kind: 'subject', type: 'user', limit: 9 })).toEqual({ ids: ['a', 'b'], more: false })
    expect(await source.list({ kind: 'resource', type: 'user', limit: 9 })).toEqual({ ids: [], more: false })
    known.user = ['c']
    expect(await source.list({ kind: 'subject', type: 'user', after: 'a', limit: 9 })).toEqual({
      ids: ['c'],
      more: false,
    })
  })
})
