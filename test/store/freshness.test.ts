/** What a process knows of the writes of others, and how old it is. */
import { expect, test } from 'vitest'
import { Freshness } from '../../src/store/freshness.ts'
import { memoryStore } from '../../src/store/memory/index.ts'
import type { ChangeEntry, TenantStore } from '../../src/store/port.ts'
import { ManualTimer } from './manual-timer.ts'
import { counter, delegation, revocation } from './rows.ts'

/** A store that another process writes to; `down` makes reading fail. `watch` takes the place of its own. */
function setUp(options: { readonly push?: boolean; readonly watch?: NonNullable<TenantStore['watch']> } = {}) {
  const timer = new ManualTimer()
  const writer = memoryStore().tenant('acme')
  const state = { down: false, faults: 0 }
  const store: TenantStore = {
    tenant: 'acme',
    get: writer.get.bind(writer),
    find: writer.find.bind(writer),
    write: writer.write.bind(writer),
    trim: writer.trim.bind(writer),
    revision: async () => (state.down ? Promise.reject(new Error('down')) : writer.revision()),
    changes: async (...args) => (state.down ? Promise.reject(new Error('down')) : writer.changes(...args)),
    ...(options.push ? { watch: writer.watch!.bind(writer) } : {}),
    ...(options.watch && { watch: options.watch }),
  }
  const told: string[] = []
  const forget = (what: readonly ChangeEntry[] | 'everything') => {
    if (what === 'everything') told.push('everything')
    else for (const { table, key } of what) told.push(`${table} ${key.join('/')}`)
  }
  const onFault = () => void state.faults++
  return { timer, writer, state, told, freshness: new Freshness({ store, timer, bound: 1000, forget, onFault }) }
}

test('a bound that is no number is never kept', async () => {
  const { timer, writer } = setUp()
  const freshness = new Freshness({ store: writer, timer, bound: Number.NaN, forget: () => undefined })
  await freshness.refresh()
  expect(() => freshness.check()).toThrow(expect.objectContaining({ code: 'E_STORE_STALE' }))
})

test('a write is told within the bound, by polling alone', async () => {
  const { timer, writer, told, freshness } = setUp()
  expect(() => freshness.check()).toThrow(expect.objectContaining({ code: 'E_STORE_STALE' }))
  void freshness.run()
  await timer.pass(0)
  freshness.check()
  expect(told.splice(0)).toEqual(['everything'])
  await writer.write([delegation('a'), counter('c')])
  await timer.pass(499)
  expect(told).toEqual([])
  await timer.pass(1)
  expect(told).toEqual(['delegations a'])
  expect(freshness.revision).toBe(1)
  expect(freshness.age).toBe(0)
  freshness.stop()
})

test('with push, at once', async () => {
  const { timer, writer, told, freshness } = setUp({ push: true })
  void freshness.run()
  await timer.pass(0)
  await writer.write([delegation('a')])
  await timer.pass(0)
  expect(told).toEqual(['everything', 'delegations a'])
  freshness.stop()
  await writer.write([delegation('b')])
  await timer.pass(5000)
  expect(told).toHaveLength(2)
})

test.each([
  ['fails', () => Promise.reject(new Error('there is no LISTEN'))],
  [
    'fails at once',
    () => {
      throw new Error('there is no LISTEN')
    },
  ],
  ['never answers', () => new Promise<never>(() => {})],
])('where watching %s, polling remains', async (how, watch) => {
  const { timer, writer, state, told, freshness } = setUp({ watch })
  const running = freshness.run()
  await timer.pass(0)
  freshness.check()
  expect(state.faults).toBe(how === 'never answers' ? 0 : 1)
  await writer.write([delegation('a')])
  await timer.pass(500)
  expect(told).toEqual(['everything', 'delegations a'])
  expect(state.faults).toBe(how === 'never answers' ? 0 : 2)
  freshness.stop()
  await running
})

test.each([
  [
    'throws',
    () => {
      throw new Error('the log is gone')
    },
  ],
  [
    'rejects',
    async () => {
      throw new Error('the log is gone')
    },
  ],
])('where what is told of faults %s, reading goes on', async (_, onFault) => {
  const { timer, writer, state } = setUp()
  const told: unknown[] = []
  const store = {
    ...writer,
    tenant: 'acme',
    changes: writer.changes.bind(writer),
    revision: async () => (state.down ? Promise.reject(new Error('down')) : writer.revision()),
  } as TenantStore
  const freshness = new Freshness({ store, timer, bound: 1000, forget: (what) => told.push(what), onFault })
  state.down = true
  const running = freshness.run()
  await timer.pass(0)
  expect(told).toEqual([])
  state.down = false
  await timer.pass(500)
  expect(told).toEqual(['everything'])
  freshness.stop()
  await running
})

test('a watch that is lost, also at once, is made again after the interval', async () => {
  let watches = 0
  let wake = (_: number): void => {}
  const { timer, writer, state, told, freshness } = setUp({
    async watch(listener, lost) {
      if (watches++ === 0) lost?.(new Error('the connection ended'))
      wake = listener
      return () => {
        wake = () => {}
      }
    },
  })
  void freshness.run()
  await timer.pass(0)
  expect([watches, state.faults]).toEqual([1, 1])
  await timer.pass(499)
  expect(watches).toBe(1)
  await timer.pass(1)
  expect([watches, state.faults]).toEqual([2, 1])
  await writer.write([delegation('a')])
  wake(1)
  await timer.pass(0)
  expect(told).toEqual(['everything', 'delegations a'])
  freshness.stop()
  await timer.pass(0)
  await writer.write([delegation('b')])
  wake(2)
  await timer.pass(5000)
  expect(told).toHaveLength(2)
})

test('what was written before the watch began is told when it has', async () => {
  let begin = (_: () => void): void => {}
  const watch = () => new Promise<() => void>((resolve) => (begin = resolve))
  const { timer, writer, told, freshness } = setUp({ watch })
  void freshness.run()
  await timer.pass(0)
  await writer.write([delegation('a')])
  begin(() => {})
  await timer.pass(0)
  expect(told).toEqual(['everything', 'delegations a'])
  freshness.stop()
})

test('what takes rights away is told first, however much else happened', async () => {
  const { writer, told, freshness } = setUp()
  await freshness.refresh()
  for (let i = 0; i < 600; i++) await writer.write([delegation(`d${i}`)])
  await writer.write([revocation('d0')])
  told.length = 0
  await freshness.refresh()
  expect(told[0]).toBe('revocations delegation/d0')
  expect(told).toHaveLength(602)
  expect(freshness.revision).toBe(601)
})

test('a store that cannot be read makes the knowledge stale; it mends by itself', async () => {
  const { timer, state, freshness } = setUp()
  void freshness.run()
  await timer.pass(0)
  state.down = true
  await timer.pass(500)
  freshness.check()
  expect(state.faults).toBe(1)
  await timer.pass(501)
  expect(() => freshness.check()).toThrow(expect.objectContaining({ code: 'E_STORE_STALE' }))
  state.down = false
  await timer.pass(500)
  freshness.check()
  freshness.stop()
})

test('a timer that goes back makes it stale, until the next reading', async () => {
  const { timer, freshness } = setUp()
  await freshness.refresh()
  await timer.pass(-60_000)
  expect(() => freshness.check()).toThrow(expect.objectContaining({ code: 'E_STORE_STALE' }))
  await freshness.refresh()
  freshness.check()
})

test('changes that were deleted before they were read: everything is forgotten', async () => {
  const { writer, told, freshness } = setUp()
  await freshness.refresh()
  for (const id of ['a', 'b', 'c']) await writer.write([delegation(id)])
  await writer.trim(2)
  told.length = 0
  await freshness.refresh()
  expect(new Set(told)).toEqual(new Set(['everything']))
  expect(freshness.revision).toBe(3)
})

test('at least a revision: given, or an error', async () => {
  const { timer, writer, freshness } = setUp()
  await freshness.refresh()
  await writer.write([delegation('a')])
  await freshness.atLeast(1, 100)
  expect(freshness.revision).toBe(1)
  const late = freshness.atLeast(2, 100)
  await timer.pass(0)
  await writer.write([delegation('b')])
  await timer.pass(50)
  await late
  const never = freshness.atLeast(9, 100)
  const refused = expect(never).rejects.toMatchObject({ code: 'E_STORE_STALE' })
  for (let i = 0; i < 12; i++) await timer.pass(10)
  await refused
})

test('a reading that began before a call is not its answer', async () => {
  const { writer, freshness } = setUp()
  await freshness.refresh()
  const first = freshness.refresh()
  await writer.write([delegation('a')])
  await freshness.refresh()
  expect(freshness.revision).toBe(1)
  await first
})
