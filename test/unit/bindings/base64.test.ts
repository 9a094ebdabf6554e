import { afterEach, expect, test, vi } from 'vitest'
import { decodeBase64 } from '../../../bindings/base64.ts'

afterEach(() => vi.unstubAllGlobals())

const bytes = Uint8Array.from({ length: 257 }, (_, i) => i)
const text = Buffer.from(bytes).toString('base64')

test('as the platform decodes it', () => {
  expect([...decodeBase64(text)]).toEqual([...bytes])
})

test('where there is no Buffer', () => {
  vi.stubGlobal('Buffer', undefined)
  expect([...decodeBase64(text)]).toEqual([...bytes])
})

test('by fromBase64, where there is one', () => {
  class Newer extends Uint8Array {
    static fromBase64 = (given: string) => new Newer([given === text ? 7 : 0])
  }
  vi.stubGlobal('Uint8Array', Newer)
  expect([...decodeBase64(text)]).toEqual([7])
})
