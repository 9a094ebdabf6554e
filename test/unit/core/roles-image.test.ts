/** What the core refuses of an image's roles: separations of duty, and roles on some resources. */
import { describe, expect, test } from 'vitest'
import { Tag } from '../../../assembly/abi/frame.ts'
import { Header, LoadFault, Section } from '../../../assembly/abi/image.ts'
import { Separation } from '../../../assembly/abi/rules.ts'
import { createEngine } from '../../../src/engine/index.ts'
import type { PolicyDocument } from '../../../src/policy/document.ts'
import { craft, load, wordsOf } from './images.ts'

const policies: PolicyDocument = {
  version: 1,
  roles: { a: [], b: [], c: ['a'], z: [] },
  separation: { static: [{ roles: ['b', 'z'] }], dynamic: [{ roles: ['b', 'c', 'a'], at_most: 2 }] },
  entities: {
    subjects: [
      { type: 'user', id: 'ann', roles: ['a', { role: 'b', on: 'doc' }, { role: 'c', on: { type: 'doc', id: 'd1' } }] },
    ],
  },
  rules: [{ id: 'r', allow: 'read', to: { role: 'a' } }],
}

const { bytes } = (await createEngine({ policies })).image

/** What the core says to the image after a change to its words. */
function loadWith(change: (words: Uint32Array) => void): LoadFault {
  return load(craft(bytes, change))
}

test('the image loads as it is', () => {
  expect(loadWith(() => {})).toBe(LoadFault.None)
})

describe('separations', () => {
  const separation = (words: Uint32Array) => wordsOf(Section.Separations, words)[0]

  test('of another kind', () => {
    expect(loadWith((words) => (words[separation(words) + Separation.Kind] = 2))).toBe(LoadFault.Roles)
  })

  test.each([3, 4, 100, 0x3fffffff, 0xffffffff])('with %i roles, past what is there', (count) => {
    expect(loadWith((words) => (words[separation(words) + Separation.Count] = count))).toBe(LoadFault.Roles)
  })

  test.each([5, 100, 0x7fffffff, 0xffffffff])('with the role %i, which there is not', (role) => {
    expect(loadWith((words) => (words[separation(words) + Separation.Roles] = role))).toBe(LoadFault.Roles)
    const last = (words: Uint32Array) => wordsOf(Section.Separations, words)[1] - 1
    expect(loadWith((words) => (words[last(words)] = role))).toBe(LoadFault.Roles)
  })

  test('cut short', () => {
    const length = Header.Sections + Section.Separations * 2 + 1
    for (let less = 1; less < 20; less++) {
      const fault = loadWith((words) => (words[length] = (words[length] ?? 0) - less))
      expect(fault, `${less} bytes less`).toBe(LoadFault.Roles)
    }
  })
})

describe('roles on some resources', () => {
  const cell = (words: Uint32Array) => {
    const [start, end] = wordsOf(Section.Cells, words)
    for (let at = start; at < end; at += 4) if (words[at] === Tag.ScopedRoles) return at
    throw new Error('no such cell')
  }

  test.each([0, 16, 32, 47, 49, 4096 + 48, 0xfffffff0])('items of %i bytes', (stride) => {
    expect(loadWith((words) => (words[cell(words) + 3] = stride))).toBe(LoadFault.Cells)
  })

  test.each([4, 1000, 0x0fffffff, 0xffffffff])('%i of them, past what is there', (count) => {
    expect(loadWith((words) => (words[cell(words) + 1] = count))).toBe(LoadFault.Cells)
  })

  test('items before them, beside cells, or outside', () => {
    for (const shift of [-16, 8, 4, 0x10000, 0x80000000]) {
      expect(loadWith((words) => (words[cell(words) + 2] = (words[cell(words) + 2] ?? 0) + shift))).toBe(
        LoadFault.Cells,
      )
    }
  })

  test('names and scopes that are no cells', () => {
    for (const item of [0, 1, 2, 8]) {
      expect(loadWith((words) => (words[cell(words) + 4 + item * 4] = 77))).toBe(LoadFault.Cells)
    }
  })
})
