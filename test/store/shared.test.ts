/** Counters and revocations, in a store and in Redis. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { memoryStore } from '../../src/store/memory/index.ts'
import { redisState } from '../../src/store/redis/index.ts'
import { type SharedState, sharedState } from '../../src/store/shared/index.ts'
import { freePort } from '../runtimes/ports.mjs'
import { describeIf } from './present.ts'

const later = Date.now() + 3_600_000
const largest = Number.MAX_SAFE_INTEGER

function checkShared(open: (tenant: string) => SharedState): void {
  const taking = { name: 'calls: user', window: 0, add: 1, atMost: 10, expiresAt: later }

  test('takes until the limit', async () => {
    const state = open('a')
    expect(await state.count('calls: user', 0)).toBe(0)
    expect(await state.take({ ...taking, add: 7 })).toEqual({ applied: true, value: 7 })
    expect(await state.take({ ...taking, add: 4 })).toEqual({ applied: false, value: 7 })
    expect(await state.take({ ...taking, add: 3 })).toEqual({ applied: true, value: 10 })
    expect(await state.take({ ...taking, window: 1 })).toEqual({ applied: true, value: 1 })
    expect(await state.count('calls: user', 0)).toBe(10)
    expect(await open('b').count('calls: user', 0)).toBe(0)
  })

  test('exactly as many as there are, from many at once', async () => {
    const state = open('many')
    const taken = await Promise.all(Array.from({ length: 64 }, () => state.take({ ...taking, atMost: 40 })))
    expect(taken.filter(({ applied }) => applied)).toHaveLength(40)
    expect(await state.count('calls: user', 0)).toBe(40)
  })

  test('large numbers are exact', async () => {
    const state = open('large')
    expect(await state.take({ ...taking, add: largest - 1, atMost: largest })).toEqual({
      applied: true,
      value: largest - 1,
    })
    expect(await state.take({ ...taking, atMost: largest })).toEqual({ applied: true, value: largest })
    expect(await state.take({ ...taking, atMost: largest })).toEqual({ applied: false, value: largest })
  })

  test('what was revoked', async () => {
    const state = open('revoked')
    await state.revoke({ kind: 'token', id: 'a', at: 1, expiresAt: later })
    await state.revoke({ kind: 'token', id: 'a', at: 2, expiresAt: later })
    await state.revoke({ kind: 'key', id: 'b', at: 1, expiresAt: later })
    expect(await state.revoked('token', ['a', 'b', 'c'])).toEqual(new Set(['a']))
    expect(await state.revoked('key', ['a', 'b'])).toEqual(new Set(['b']))
    expect(await state.revoked('key', [])).toEqual(new Set())
    expect(await open('other').revoked('key', ['b'])).toEqual(new Set())
  })

  test('what is refused', async () => {
    const state = open('refused')
    const code = { code: 'E_STORE_STATEMENT' }
    for (const bad of [{ add: 0 }, { add: 0.5 }, { atMost: Number.NaN }, { name: 'x'.repeat(600) }, { window: 0.5 }]) {
      await expect(state.take({ ...taking, ...bad })).rejects.toMatchObject(code)
    }
    await expect(state.revoke({ kind: 'token', id: '\0', at: 1, expiresAt: later })).rejects.toMatchObject(code)
    await expect(state.revoked('token', new Array(1001).fill('a'))).rejects.toMatchObject(code)
  })
}

describe('in a store', () => {
  const store = memoryStore()
  checkShared((tenant) => sharedState(store.tenant(tenant)))
  checkShared((tenant) => sharedState(store.tenant(`${tenant} with a clock`), { now: Date.now }))

  const taking = { name: 'a', window: 0, add: 2, atMost: 9, expiresAt: 100 }

  test('what is over counts no more, and begins again', async () => {
    let time = 0
    const state = sharedState(store.tenant('expiry'), { now: () => time })
    await state.take(taking)
    await state.take(taking)
    time = 99
    expect(await state.count('a', 0)).toBe(4)
    time = 100
    expect(await state.count('a', 0)).toBe(0)
    expect(await state.take({ ...taking, add: 10 })).toEqual({ applied: false, value: 0 })
    const next = { ...taking, expiresAt: 200 }
    const taken = await Promise.all(Array.from({ length: 16 }, () => state.take({ ...next, add: 1 })))
    expect(taken.filter(({ applied }) => applied)).toHaveLength(9)
    expect(await state.count('a', 0)).toBe(9)
    expect(await state.take(taking)).toEqual({ applied: false, value: 9 })
  })

  test('without a clock it counts until its row is deleted', async () => {
    const state = sharedState(store.tenant('timeless'))
    await state.take({ ...taking, expiresAt: -1 })
    expect(await state.take({ ...taking, expiresAt: -1 })).toEqual({ applied: true, value: 4 })
    expect(await state.count('a', 0)).toBe(4)
  })
})

function findRedis(): { readonly program: string } | { readonly missing: string } {
  const folder = (process.env.PATH ?? '').split(delimiter).find((it) => existsSync(join(it, 'redis-server')))
  if (folder === undefined) return { missing: 'Redis is not installed: apt-get install redis-server' }
  return { program: join(folder, 'redis-server') }
}

describeIf(findRedis(), 'in Redis', ({ program }) => {
  let stop = async (): Promise<void> => {}
  let start: () => Promise<void>
  let client: ReturnType<typeof createClient>

  beforeAll(async () => {
    const port = await freePort()
    start = async () => {
      const child = spawn(program, ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
        stdio: 'ignore',
      })
      stop = () =>
        new Promise((resolve) => {
          child.once('exit', () => resolve())
          child.kill('SIGKILL')
        })
    }
    await start()
    client = createClient({
      url: `redis://127.0.0.1:${port}`,
      disableOfflineQueue: true,
      socket: { reconnectStrategy: 50 },
    })
    client.on('error', () => {})
    await client.connect()
  }, 30_000)
  afterAll(async () => {
    client?.destroy()
    await stop()
  })

  checkShared((tenant) => redisState(client, tenant))
  checkShared((tenant) => redisState(client, `${tenant} with a clock`, { now: Date.now }))

  test('forgets when it is time', async () => {
    const state = redisState(client, 'expiry', { now: Date.now, apart: 0 })
    const expiresAt = Date.now() + 100
    await state.take({ name: 'a', window: 0, add: 1, atMost: 9, expiresAt })
    await state.revoke({ kind: 'token', id: 'a', at: 1, expiresAt })
    await expect.poll(() => state.count('a', 0)).toBe(0)
    await expect.poll(() => state.revoked('token', ['a'])).toEqual(new Set())
  })

  test.each([
    ['behind', -3_600_000],
    ['ahead', 3_600_000],
  ])('with a clock that is %s that of Redis', async (which, off) => {
    const now = () => Date.now() + off
    const state = redisState(client, which, { now, apart: 0 })
    const takes = async (taking: { name: string; window: number }, expiresAt = now() + 300) => {
      const taken: boolean[] = []
      for (let i = 0; i < 9; i++) taken.push((await state.take({ ...taking, add: 1, atMost: 4, expiresAt })).applied)
      return taken.filter((it) => it).length
    }
    expect(await takes({ name: 'none', window: 0 })).toBe(4)
    // Its end is past already, as a window may be that began in another process.
    const window = now() - 300
    expect(await takes({ name: 'calls', window }, window + 250)).toBe(4)
    await state.revoke({ kind: 'token', id: 'a', at: now(), expiresAt: now() + 300 })
    expect(await state.revoked('token', ['a'])).toEqual(new Set(['a']))
    await expect.poll(() => state.count('none', 0)).toBe(0)
    await expect.poll(() => state.count('calls', window)).toBe(0)
    await expect.poll(() => state.revoked('token', ['a'])).toEqual(new Set())
  })

  test('without a clock: at least for the window, and for as long as it is revoked', async () => {
    const state = redisState(client, 'timeless')
    const hourAgo = Date.now() - 3_600_000
    const taking = { name: 'calls', window: hourAgo, add: 1, atMost: 1, expiresAt: hourAgo + 1000 }
    expect(await state.take(taking)).toEqual({ applied: true, value: 1 })
    expect(await state.take(taking)).toEqual({ applied: false, value: 1 })
    await state.revoke({ kind: 'token', id: 'a', at: hourAgo, expiresAt: hourAgo + 1000 })
    expect(await state.revoked('token', ['a'])).toEqual(new Set(['a']))
  })

  test('what one process counts another with a clock ahead does not forget earlier', async () => {
    const [one, ahead] = [0, 3_600_000].map((off) => redisState(client, 'two', { now: () => Date.now() + off }))
    const taking = { name: 'calls', window: 0, add: 1, atMost: 9, expiresAt: Date.now() + 60_000 }
    await one!.take(taking)
    await ahead!.take(taking)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await one!.count('calls', 0)).toBe(2)
  })

  test('a revocation is kept for as much longer as clocks may be apart', async () => {
    await redisState(client, 'apart', { now: Date.now }).revoke({
      kind: 'token',
      id: 'a',
      at: 1,
      expiresAt: Date.now(),
    })
    const [key] = (await client.sendCommand(['KEYS', '*{apart}:revocation*'])) as string[]
    const left = Number(await client.sendCommand(['PTTL', key!]))
    expect(left).toBeGreaterThan(50_000)
    expect(left).toBeLessThanOrEqual(60_000)
  })

  test('full, read-only, gone and back', async () => {
    const state = redisState(client, 'faults')
    const take = () => state.take({ name: 'a', window: 0, add: 1, atMost: 9, expiresAt: later })
    await client.sendCommand(['CONFIG', 'SET', 'maxmemory', '1'])
    await expect(take()).rejects.toMatchObject({ code: 'E_STORE_FULL' })
    await client.sendCommand(['CONFIG', 'SET', 'maxmemory', '0'])
    await client.sendCommand(['REPLICAOF', '127.0.0.1', '1'])
    await expect(take()).rejects.toMatchObject({ code: 'E_STORE_READ_ONLY' })
    await client.sendCommand(['REPLICAOF', 'NO', 'ONE'])
    await stop()
    await expect.poll(() => take().catch(({ code }) => code)).toBe('E_STORE_UNAVAILABLE')
    await start()
    await expect.poll(() => take().catch(({ code }) => code), { timeout: 10_000 }).toMatchObject({ applied: true })
  })
})
