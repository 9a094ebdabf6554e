import { describe, expect, it } from 'vitest'
import { createPace, unhurried } from '../../src/pace.ts'
import { testTurns } from '../support/turns.ts'

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve))

describe('a pace', () => {
  it('lets others have a turn every ten milliseconds of work', async () => {
    const turns = testTurns()
    const pace = createPace(turns, 1000)
    const waited: boolean[] = []
    for (let i = 0; i < 9; i++) {
      const taken = pace.take(1)
      waited.push(taken instanceof Promise)
      expect(await taken).toBe(1)
      turns.pass(4)
    }
    expect(waited).toEqual([false, false, false, true, false, false, true, false, false])
  })

  it('ends when the time is up, but lets everyone have one piece done', async () => {
    const turns = testTurns()
    const done = async (time: number, each: number) => {
      const pace = createPace(turns, time)
      let pieces = 0
      while (pieces < 100 && (await pace.take(1)) > 0) {
        pieces++
        turns.pass(each)
      }
      expect(await pace.take(1)).toBe(pieces < 100 ? 0 : 1)
      return pieces
    }
    expect(await done(100, 3)).toBe(34)
    expect(await done(100, 60)).toBe(2)
    expect(await done(0, 1)).toBe(1)
    expect(await done(1000, 1)).toBe(100)
  })

  it('does not count the turns of others, nor what a piece waits for', async () => {
    const turns = testTurns()
    const others = { ...turns, turn: () => turn().then(() => turns.pass(500)) }
    const pace = createPace(others, 100)
    for (let i = 0; i < 9; i++) {
      expect(await pace.take(1), `${i}`).toBe(1)
      turns.pass(11)
    }
    await turn()
    const waiting = createPace(turns, 100)
    for (let i = 0; i < 20; i++) {
      expect(await waiting.take(1)).toBe(1)
      turns.pass(1)
      await turn()
      turns.pass(1000)
    }
  })

  it('does not count what others work while it waits', async () => {
    const turns = testTurns()
    const busy = createPace(turns, 1_000_000)
    let waiting = true
    const working = (async () => {
      while (waiting) {
        await busy.take(1)
        turns.pass(30)
      }
    })()
    const pace = createPace(turns, 100)
    for (let i = 0; i < 20; i++) {
      expect(await pace.take(1), `${i}`).toBe(1)
      turns.pass(1)
      await turn()
      await turn()
    }
    waiting = false
    await working
    expect(turns.now()).toBeGreaterThan(400)
  })

  it('gives many pieces at once when they are short, and fewer when they become longer', async () => {
    const turns = testTurns()
    const pace = createPace(turns, 10_000)
    const taken = async (each: number) => {
      const count = await pace.take(1000)
      turns.pass(count * each)
      return count
    }
    const counts: number[] = []
    for (const each of [0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 1, 1, 20, 20, 20]) counts.push(await taken(each))
    expect(counts).toEqual([1, 4, 16, 64, 256, 256, 256, 5, 5, 1, 1])
  })

  it('that knows no hurry gives all', () => {
    expect(unhurried.take(1000)).toBe(1000)
  })
})
