/** The log as a Redis Stream. https://redis.io/docs/latest/develop/data-types/streams/ */
import type { RedisClient } from '../store/redis/index.ts'
import { logFault, orLogFault } from './fault.ts'
import type { AppendLog, LogEntry } from './port.ts'

export type { RedisClient }

export interface RedisStreamOptions {
  /** The key of the stream; `sallyport:{revocations}` when left out. Its counter lies beside it, in the same slot of a cluster. */
  readonly key?: string
  /** So many replicas have to have an entry before it is acknowledged, within `wait` milliseconds (1,000); 0 when left out. */
  readonly replicas?: number
  readonly wait?: number
  /** A second connection, which waits for entries; without it there is only polling. */
  readonly waiting?: RedisClient
}

const KIND = 'redis'
const BLOCK = 5000

/**
 * A log in Redis (7.0 was tested). Entries have the numbers of a counter that is kept with the stream, so that what was lost shows.
 *
 * Redis acknowledges before it is sure to keep. A server that fails may forget the last entries; readers then find that the log ends before
 * what they have read, or goes on differently, and begin again. What nobody had read is in the store, from which a relay brings it back.
 *
 * That a connection is dead, and another one is needed, only the client can find: `socketTimeout` has it look, `reconnectStrategy` go on
 * afterwards, which it does not by default. Give the log a client of its own, as what others send would keep a dead connection from being
 * noticed.
 *
 * @example
 * const socket = { socketTimeout: 10_000, reconnectStrategy: 500 }
 * redisStreamLog(await createClient({ url, disableOfflineQueue: true, socket }).on('error', report).connect())
 */
export function redisStreamLog(client: RedisClient, options: RedisStreamOptions = {}): AppendLog {
  const { key = 'sallyport:{revocations}', replicas = 0, wait = 1000, waiting } = options
  const keys = ['2', key, `${key}:count`]
  const send = (...command: readonly (string | number)[]): Promise<unknown> =>
    orLogFault(KIND, () => client.sendCommand(command.map(String)))
  const log: AppendLog = {
    kind: KIND,
    async append(text) {
      const number = Number(await send('EVAL', APPEND, ...keys, text))
      if (!Number.isSafeInteger(number)) throw unexpected()
      if (replicas !== 0 && !(Number(await send('WAIT', replicas, wait)) >= replicas)) {
        throw logFault(KIND, new Error(`fewer than ${replicas} replicas have the entry`))
      }
      return number
    },
    async read(from, limit) {
      const answer = await send('EVAL', READ, ...keys, from, limit)
      if (!Array.isArray(answer)) throw unexpected()
      const [first, last] = answer.map(Number)
      const entries: unknown = answer[2]
      if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last) || !Array.isArray(entries)) throw unexpected()
      return { first: first!, last: last!, entries: entries.map(entryOf) }
    },
    async purge(upTo) {
      await send('XTRIM', key, 'MINID', `${upTo + 1}-0`)
    },
  }
  return waiting === undefined ? log : { ...log, watch: (...told) => watchStream(waiting, key, ...told) }
}

async function watchStream(
  client: RedisClient,
  key: string,
  listener: () => void,
  lost?: (reason: unknown) => void,
): Promise<() => void> {
  let ended = false
  const loop = async (): Promise<void> => {
    try {
      while (!ended) {
        const found = await client.sendCommand(['XREAD', 'BLOCK', `${BLOCK}`, 'COUNT', '1', 'STREAMS', key, '$'])
        if (!ended && found !== null) listener()
      }
    } catch (error) {
      if (!ended) lost?.(logFault(KIND, error))
    }
  }
  void loop()
  return () => {
    ended = true
  }
}

/** `[id, [field, text]]`, the id being `NUMBER-0`. */
function entryOf(value: unknown): LogEntry {
  const [id, fields] = Array.isArray(value) ? (value as readonly unknown[]) : []
  const text: unknown = Array.isArray(fields) ? fields[1] : undefined
  const number = Number(String(id).split('-')[0])
  if (typeof text !== 'string' || !Number.isSafeInteger(number)) throw unexpected()
  return { number, text }
}

function unexpected(): Error {
  return logFault(KIND, new Error('unexpected answer'))
}

/** Counter and stream change together, as a script runs alone. */
const APPEND = `
local number = redis.call('INCR', KEYS[2])
redis.call('XADD', KEYS[1], string.format('%.0f-0', number), 'revocation', ARGV[1])
return string.format('%.0f', number)`

/** All of one moment. */
const READ = `
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
local head = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)
local first = last + 1
if #head > 0 then first = tonumber(string.match(head[1][1], '^%d+')) end
local entries = redis.call('XRANGE', KEYS[1], string.format('%.0f-0', tonumber(ARGV[1])), '+', 'COUNT', ARGV[2])
return { string.format('%.0f', first), string.format('%.0f', last), entries }`
