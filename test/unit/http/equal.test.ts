import { expect, it } from 'vitest'
import { equalBytes } from '../../../src/http/equal.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)

it('is true for the same bytes alone', () => {
  expect(equalBytes(bytes(1, 2, 3), bytes(1, 2, 3))).toBe(true)
  expect(equalBytes(bytes(), bytes())).toBe(true)
  for (const other of [bytes(0, 2, 3), bytes(1, 2, 0), bytes(1, 2), bytes(1, 2, 3, 0), bytes()]) {
    expect(equalBytes(other, bytes(1, 2, 3))).toBe(false)
    expect(equalBytes(bytes(1, 2, 3), other)).toBe(false)
  }
})

it('looks at every byte, wherever the first difference is', () => {
  for (const different of [undefined, 0, 15, 31]) {
    const seen: string[] = []
    const left = new Proxy(new Uint8Array(32), {
      get(target, name) {
        if (typeof name === 'string' && /^\d+$/.test(name)) seen.push(name)
        return Reflect.get(target, name, target)
      },
    })
    const right = new Uint8Array(32)
    if (different !== undefined) right[different] = 1
    expect(equalBytes(left, right)).toBe(different === undefined)
    expect(seen).toEqual(Array.from({ length: 32 }, (_, i) => String(i)))
  }
})
