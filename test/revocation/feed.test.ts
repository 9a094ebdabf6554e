/** What feeds and relays make of a log that fails, forgets or goes back; in memory, where that can be made to happen. */
import { describe, expect, test } from 'vitest'
import type { TenantRevocation } from '../../src/revocation/entry.ts'
import { RevocationFeed } from '../../src/revocation/feed.ts'
import { RevocationRelay, storedRevocations } from '../../src/revocation/relay.ts'
import { memoryStore } from '../../src/store/memory/index.ts'
import type { TenantStore } from '../../src/store/port.ts'
import { ManualTimer } from '../store/manual-timer.ts'
import { ann, ask, bot, guardOver, terms, trips } from '../unit/guard/support.ts'
import { checkLog, revoked } from './log-contract.ts'
import { MemoryLog } from './memory-log.ts'

const logs = new Map<string, MemoryLog>()

describe('a log in memory', () => {
  checkLog(async (name) => {
    const log = logs.get(name) ?? new MemoryLog()
    logs.set(name, log)
    return log
  })
})

function feedOver(log: MemoryLog, resync?: () => Promise<TenantRevocation[]>) {
  const timer = new ManualTimer()
  return { timer, feed: new RevocationFeed({ log, timer, bound: 1000, ...(resync && { resync }) }) }
}

const knows = (feed: RevocationFeed, ...ids: string[]) => ids.map((id) => feed.has('acme', 'delegation', id))

describe('the bound', () => {
  test('nothing is certain before the first reading, and after the bound', async () => {
    const { timer, feed } = feedOver(new MemoryLog())
    expect(() => feed.check()).toThrow(/nothing was heard/)
    await feed.refresh()
    await timer.pass(1000)
    feed.check()
    await timer.pass(1)
    expect(() => feed.check()).toThrow(/for more than 1000 ms/)
    await feed.refresh()
    feed.check()
  })

  test('a log that fails leaves what was known, and makes it old', async () => {
    const log = new MemoryLog()
    const { timer, feed } = feedOver(log)
    await feed.publish(revoked('a'))
    await feed.refresh()
    log.fault = new Error('gone')
    await timer.pass(600)
    await expect(feed.refresh()).rejects.toThrow('gone')
    feed.check()
    await timer.pass(600)
    await expect(feed.refresh()).rejects.toThrow('gone')
    expect(() => feed.check()).toThrow()
    expect(knows(feed, 'a')).toEqual([true])
    log.fault = undefined
    await feed.refresh()
    feed.check()
  })

  test('it goes on by itself after a fault', async () => {
    const log = new MemoryLog()
    const timer = new ManualTimer()
    const faults: unknown[] = []
    const feed = new RevocationFeed({ log, timer, bound: 1000, onFault: (error) => void faults.push(error) })
    log.fault = new Error('gone')
    const running = feed.run()
    await timer.pass(0)
    await timer.pass(500)
    expect(faults.length).toBeGreaterThanOrEqual(2)
    log.fault = undefined
    await timer.pass(500)
    feed.check()
    feed.stop()
    await running
  })

  test('a log that does not answer fails; once it has, in whatever way, reading goes on', async () => {
    const fault = (why: string) => ({ code: 'E_REVOCATION_LOG', message: expect.stringContaining(why) })
    for (const answers of [true, false]) {
      const log = new MemoryLog()
      const { timer, feed } = feedOver(log)
      let settle = (): void => {}
      log.pause = new Promise((resolve, reject) => {
        settle = () => (answers ? resolve() : reject(new Error('closed')))
      })
      const readings = [feed.refresh(), feed.refresh()].map((reading) => reading.catch((error: unknown) => error))
      await timer.pass(9999)
      await timer.pass(1)
      expect(await readings[0]).toMatchObject(fault('within 10000 ms'))
      // Nothing is asked of what may be dead: it has to look so.
      expect(await readings[1]).toMatchObject(fault('overdue'))
      await expect(feed.publish(revoked('a'))).rejects.toMatchObject(fault('overdue'))
      expect(() => feed.check()).toThrow(/nothing was heard/)
      log.pause = undefined
      settle()
      await timer.pass(0)
      await feed.publish(revoked('b'))
      await feed.refresh()
      feed.check()
      expect(knows(feed, 'a', 'b')).toEqual([false, true])
    }
  })

  test('a timer that goes back makes it old', async () => {
    const { timer, feed } = feedOver(new MemoryLog())
    await feed.refresh()
    await timer.pass(-1)
    expect(() => feed.check()).toThrow()
  })
})

describe('a log that has lost its end', () => {
  test('is read again from its beginning; what was known stays known', async () => {
    const log = new MemoryLog()
    const { feed } = feedOver(log)
    for (const id of ['a', 'b', 'c']) await feed.publish(revoked(id))
    await feed.refresh()
    log.loseEnd(2)
    await feed.refresh()
    expect([knows(feed, 'a', 'b', 'c'), feed.restarts]).toEqual([[true, true, true], 1])
    expect([feed.isLogged(revoked('a')), feed.isLogged(revoked('c'))]).toEqual([true, false])
  })

  test('also when it has gone on since, past where it was', async () => {
    const log = new MemoryLog()
    const { feed } = feedOver(log)
    for (const id of ['a', 'b', 'c']) await feed.publish(revoked(id))
    await feed.refresh()
    log.loseEnd(2)
    for (const id of ['x', 'y', 'z']) await feed.publish(revoked(id))
    await feed.refresh()
    expect([knows(feed, 'x', 'y', 'z'), feed.restarts]).toEqual([[true, true, true], 1])
  })

  test('also when the same has come to the same place, behind something else', async () => {
    for (const [lost, since] of [
      [3, ['x', 'b', 'c']],
      [2, ['x', 'c']],
    ] as const) {
      const log = new MemoryLog()
      const { feed } = feedOver(log)
      for (const id of ['a', 'b', 'c']) await feed.publish(revoked(id))
      await feed.refresh()
      log.loseEnd(lost)
      for (const id of since) await feed.publish(revoked(id))
      await feed.refresh()
      feed.check()
      expect([knows(feed, 'a', 'b', 'c', 'x'), feed.restarts]).toEqual([[true, true, true, true], 1])
    }
  })

  test('also when it ends with what says that the same was trimmed', async () => {
    const log = new MemoryLog()
    const { feed } = feedOver(log)
    const [short, long] = [revoked('short', 1000), revoked('long')]
    for (const revocation of [short, long]) await feed.publish(revocation)
    expect(await feed.trim(2000)).toBe(1)
    await feed.refresh()
    log.loseEnd(3)
    for (const revocation of [short, revoked('x')]) await feed.publish(revocation)
    expect(await feedOver(log).feed.trim(2000)).toBe(1)
    await feed.refresh()
    expect([knows(feed, 'x'), feed.restarts]).toEqual([[true], 1])
  })
})

test('what an earlier version wrote, without a nonce, is read', async () => {
  const log = new MemoryLog()
  await log.append(JSON.stringify({ tenant: 'acme', kind: 'delegation', id: 'a', at: 1, expires_at: 1e15 }))
  await log.append(JSON.stringify({ trimmed: 0 }))
  const { feed } = feedOver(log)
  await feed.refresh()
  feed.check()
  await feed.publish(revoked('b'))
  await feed.refresh()
  expect([knows(feed, 'a', 'b'), feed.restarts]).toEqual([[true, true], 0])
})

test('what is no time trims nothing', async () => {
  const log = new MemoryLog()
  const { feed } = feedOver(log)
  await feed.publish(revoked('a', 1000))
  for (const before of [Number.NaN, undefined as never]) expect(await feed.trim(before)).toBe(0)
  expect(log.last).toBe(1)
})

test('an entry that nobody understands makes the rest unknown', async () => {
  for (const text of ['', 'null', '{}', '{"tenant":"acme","kind":"delegation","id":"a","at":1}', '{"trimmed":"1"}']) {
    const log = new MemoryLog()
    await log.append(text)
    const { feed } = feedOver(log)
    await expect(feed.refresh(), text).rejects.toMatchObject({ code: 'E_REVOCATION_STALE' })
  }
})

describe('a relay', () => {
  async function revokeIn(store: TenantStore, id: string): Promise<void> {
    const row = { kind: 'delegation', id, at: 1, expires_at: 1e15, document: '{}' }
    await store.write([{ insert: 'revocations', row, ifAbsent: true }])
  }

  function relayOver(store: TenantStore, log: MemoryLog) {
    const { feed, timer } = feedOver(log)
    return { feed, relay: new RevocationRelay({ store, feed, timer, bound: 1000 }) }
  }

  test('brings what is in the store into the log, once', async () => {
    const store = memoryStore().tenant('acme')
    const log = new MemoryLog()
    await revokeIn(store, 'before')
    const { relay } = relayOver(store, log)
    await relay.once()
    await revokeIn(store, 'after')
    await relay.once()
    await relay.once()
    expect(log.last).toBe(2)
    // Another one, or this one after it was killed, finds everything there.
    await relayOver(store, log).relay.once()
    expect(log.last).toBe(2)
    const { feed } = feedOver(log)
    await feed.refresh()
    expect(knows(feed, 'before', 'after')).toEqual([true, true])
  })

  test('what could not be appended follows', async () => {
    const store = memoryStore().tenant('acme')
    const log = new MemoryLog()
    const { relay, feed } = relayOver(store, log)
    await relay.once()
    await revokeIn(store, 'a')
    log.fault = new Error('gone')
    await expect(relay.once()).rejects.toThrow('gone')
    log.fault = undefined
    await relay.once()
    await feed.refresh()
    expect(knows(feed, 'a')).toEqual([true])
  })

  test('what the log has lost comes back', async () => {
    const store = memoryStore().tenant('acme')
    const log = new MemoryLog()
    const { relay } = relayOver(store, log)
    for (const id of ['a', 'b', 'c']) await revokeIn(store, id)
    await relay.once()
    log.loseEnd(2)
    await relay.once()
    await relay.once()
    const { feed } = feedOver(log)
    await feed.refresh()
    expect(knows(feed, 'a', 'b', 'c')).toEqual([true, true, true])
  })

  test('the store makes up for what the log has lost', async () => {
    const store = memoryStore().tenant('acme')
    await revokeIn(store, 'a')
    const log = new MemoryLog()
    await log.append('one of many')
    await log.purge(1)
    const { feed } = feedOver(log, async () => [...(await storedRevocations(store))])
    await feed.refresh()
    feed.check()
    expect(knows(feed, 'a')).toEqual([true])
  })
})

describe('the guard', () => {
  test('grants nothing that the fleet knows to be revoked, and nothing while it may not know', async () => {
    const log = new MemoryLog()
    const { timer, feed } = feedOver(log)
    const { guard } = await guardOver(trips, { revocations: feed })
    const lent = await guard.delegations.create(terms())
    const use = () => guard.authorize(ask(bot, 'travel:book'))
    await expect(use()).rejects.toMatchObject({ code: 'E_REVOCATION_STALE' })
    await feed.refresh()
    expect((await use()).code).toBe('delegated')
    // The policies alone need no log.
    await timer.pass(2000)
    expect((await guard.authorize(ask(ann, 'travel:book'))).code).toBe('matched')
    await expect(use()).rejects.toMatchObject({ code: 'E_REVOCATION_STALE' })
    await feed.publish({ ...revoked(lent.id), tenant: 'default' })
    await feed.refresh()
    expect((await use()).code).toBe('no_match')
    const used = await guard.authorizeAndConsume(ask(bot, 'travel:book'))
    expect([used.decision, used.paid]).toEqual([false, []])
  })
})
