import { expect, test } from 'vitest'
import { makeIds } from '../../../src/guard/ids.ts'

test('every id has sixteen bytes that no other has', () => {
  const given: Uint8Array[] = []
  const newId = makeIds((length) => {
    const bytes = crypto.getRandomValues(new Uint8Array(length))
    given.push(bytes)
    return bytes
  })
  const ids = Array.from({ length: 1000 }, () => newId('dlg'))
  for (const id of ids) expect(id).toMatch(/^dlg_[0-9a-f]{32}$/)
  const all = Buffer.concat(given).toString('hex')
  expect(ids.map((id) => id.slice(4)).join('')).toBe(all.slice(0, 32_000))
  expect(given.length).toBeLessThan(20)
})

test.each([new Uint8Array(4096), Buffer.alloc(4096)])('who fills the same bytes again changes no id', (bytes) => {
  let times = 0
  const newId = makeIds((length) => bytes.subarray(0, length).fill(++times))
  expect(newId('a')).toBe(`a_${'01'.repeat(16)}`)
  bytes.fill(255)
  for (let i = 1; i < 64; i++) expect(newId('a')).toBe(`a_${'01'.repeat(16)}`)
  expect(newId('a')).toBe(`a_${'02'.repeat(16)}`)
})

test('a source that gives too little is told, whenever it does', () => {
  let given = 1024
  const newId = makeIds(() => new Uint8Array(given))
  newId('a')
  given = 16
  for (let i = 1; i < 64; i++) newId('a')
  const short = expect.objectContaining({ code: 'E_USAGE', message: 'random gave 16 bytes of 1024' })
  expect(() => newId('a')).toThrow(short)
  expect(() => newId('a')).toThrow(short)
})
