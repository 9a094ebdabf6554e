/** Counters and revocations in Redis, for fleets that have it. */
import { checkIds, checkRevocation, checkTaking } from '../shared/check.ts'
import type { SharedState } from '../shared/port.ts'
import { checkTenant } from '../values.ts'
import { redisFault } from './faults.ts'

export type * from '../shared/port.ts'

/** What this asks of a client; those of the package `redis` have it. */
export interface RedisClient {
  sendCommand(command: string[]): Promise<unknown>
}

export interface RedisStateOptions {
  /**
   * Milliseconds since the epoch: the clock that `expiresAt` is reckoned by. Redis is told how long to keep, never until when, as its clock may be
   * another one. Without this, what has no window is taken to be reckoned by the clock of Redis.
   */
  readonly now?: () => number
  /** How far the clocks of those who ask may be apart, in milliseconds: revocations are kept so much longer; 60,000 if left out. */
  readonly apart?: number
}

/**
 * The shared state of one tenant in Redis (7.0 was tested), or in what speaks its protocol. All its keys are in one slot of a cluster.
 *
 * Redis acknowledges before it is sure to keep: a server that fails may forget the last counts and revocations. So it is no place for budgets.
 * Make the client with `disableOfflineQueue: true`, as otherwise commands wait for a server that is gone; and listen to its errors, as otherwise
 * such a server ends the process.
 *
 * @example
 * const client = createClient({ url, disableOfflineQueue: true }).on('error', report)
 * const shared = redisState(await client.connect(), 'acme', { now: Date.now })
 */
export function redisState(client: RedisClient, tenant: string, options: RedisStateOptions = {}): SharedState {
  const { now, apart = 60_000 } = options
  const prefix = `sallyport:{${encodeURIComponent(checkTenant(tenant))}}`
  const counter = (name: string, window: number): string => `${prefix}:counter:${window}:${name}`
  const revocation = (kind: string, id: string): string => `${prefix}:revocation:${encodeURIComponent(kind)}:${id}`
  const send = async (...command: (string | number)[]): Promise<unknown> => {
    try {
      return await client.sendCommand(command.map(String))
    } catch (error) {
      throw redisFault(error)
    }
  }
  return {
    kind: 'redis',
    async take(taking) {
      checkTaking(taking)
      const { name, window, add, atMost, expiresAt } = taking
      // A whole window: by the clocks of others it may only begin.
      const least = Math.max(1, window === 0 ? 0 : expiresAt - window)
      const key = counter(name, window)
      const answer = await send('EVAL', TAKE, 1, key, add, atMost, least, expiresAt, now?.() ?? '')
      const [applied, value = Number.NaN] = Array.isArray(answer) ? answer.map(Number) : []
      if (!Number.isSafeInteger(value)) throw redisFault(new Error('unexpected answer'))
      return { applied: applied === 1, value }
    },
    async count(name, window) {
      return Number((await send('GET', counter(name, window))) ?? 0)
    },
    async revoke(revoking) {
      checkRevocation(revoking)
      const { kind, id, at, expiresAt } = revoking
      // Without a clock, as if it were revoked now, and not earlier: rather too long than too short.
      const left = Math.ceil(expiresAt - (now?.() ?? at))
      await send('SET', revocation(kind, id), at, 'NX', 'PX', Math.max(1, left + apart))
    },
    async revoked(kind, ids) {
      checkIds(kind, ids)
      if (ids.length === 0) return new Set()
      const found = await send('MGET', ...ids.map((id) => revocation(kind, id)))
      if (!Array.isArray(found) || found.length !== ids.length) throw redisFault(new Error('unexpected answer'))
      return new Set(ids.filter((_, i) => found[i] !== null))
    },
  }
}

/**
 * Runs alone on the server. Its numbers are doubles, which hold all safe integers. What one caller keeps a counter for no other makes shorter, as
 * its clock may be ahead.
 */
const TAKE = `
local value = tonumber(redis.call('GET', KEYS[1]) or '0')
if value + tonumber(ARGV[1]) > tonumber(ARGV[2]) then return { 0, string.format('%.0f', value) } end
local sum = redis.call('INCRBY', KEYS[1], ARGV[1])
local now = tonumber(ARGV[5])
if now == nil then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local left = math.max(ARGV[3], ARGV[4] - now)
if redis.call('PTTL', KEYS[1]) < left then redis.call('PEXPIRE', KEYS[1], string.format('%.0f', left)) end
return { 1, string.format('%.0f', sum) }`
