/** Numbers for the keys of the rule index, and lists of slots that are shared. */
import { describe, expect, test } from 'vitest'
import { hashKeys } from '../../../src/compiler/hash.ts'
import { KeyTable } from '../../../src/compiler/key-table.ts'
import { NeedLists } from '../../../src/compiler/need-lists.ts'
import { SlotLists } from '../../../src/compiler/slot-lists.ts'
import { SlotSet } from '../../../src/compiler/slot-set.ts'
import { NO_KEY } from '../../../src/compiler/targets.ts'

describe('keys', () => {
  test('are numbered as they come, equal ones once, however many there are', () => {
    const table = new KeyTable(100)
    const keyOf = (i: number) => [31, i % 7, i, NO_KEY, i >>> 3, 0]
    const count = 5000
    for (let i = 0; i < count; i++) expect(table.numberOf(keyOf(i))).toBe(i)
    for (let i = 0; i < count; i++) expect(table.numberOf(keyOf(i))).toBe(i)
    expect(table.size).toBe(count)
    expect(table.hashOf(77)).toBe(hashKeys(keyOf(77)))
    expect(Array.from(keyOf(77), (_, part) => table.partOf(77, part))).toEqual(keyOf(77))
  })

  test('with the same hash are told apart', () => {
    const one = [1, 1, 0, 0, 0, 0]
    const two = [1, 0, collidingWith(one), 0, 0, 0]
    expect(hashKeys(two)).toBe(hashKeys(one))
    const table = new KeyTable(2)
    expect([table.numberOf(one), table.numberOf(two), table.numberOf(one)]).toEqual([0, 1, 0])
  })

  /** The third number that makes up for the second one, 1, being left out: the hash mixes a sum of multiples. */
  function collidingWith([mask = 0]: readonly number[]): number {
    const wanted = hashKeys([mask, 1, 0, 0, 0, 0])
    // 0xc2b2ae3d is odd, so it has an inverse among the numbers of 32 bits; Newton's way doubles the bits that are right.
    let inverse = 0xc2b2ae3d
    for (let i = 0; i < 5; i++) inverse = Math.imul(inverse, 2 - Math.imul(0xc2b2ae3d, inverse))
    const third = Math.imul(0x85ebca77, inverse) >>> 0
    expect(hashKeys([mask, 0, third, 0, 0, 0])).toBe(wanted)
    return third
  }
})

describe('slots', () => {
  test('of equal lists are one list; the order counts', () => {
    const lists = new SlotLists()
    const list = lists.listOf([3, 1])
    expect(list).toEqual([3, 1])
    expect(lists.listOf([3, 1])).toBe(list)
    expect(lists.listOf([1, 3])).toEqual([1, 3])
    expect(lists.listOf([3])).toEqual([3])
    expect(lists.listOf([])).toEqual([])
    // These have the same hash.
    expect([lists.listOf([1, 31]), lists.listOf([2, 0])]).toEqual([
      [1, 31],
      [2, 0],
    ])
    expect(lists.listOf([2, 0])).toBe(lists.listOf([2, 0]))
  })

  test('are written once for each set of them, in ascending order', () => {
    const lists = new SlotLists()
    const needs = new NeedLists()
    const set = new SlotSet()
    for (const slot of [9, 2, 9]) set.add(slot)
    const offset = needs.offsetOf(lists.listOf([9, 2]))
    expect(needs.offsetOf(lists.listOf([2, 9]))).toBe(offset)
    expect(needs.offsetOfSet(set)).toBe(offset)
    expect(needs.offsetOf(lists.listOf([2]))).not.toBe(offset)
    expect(Array.from({ length: needs.words.length }, (_, i) => needs.words.get(i))).toEqual([2, 2, 9, 1, 2])
  })
})
