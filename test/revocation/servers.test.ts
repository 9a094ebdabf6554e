/** Real servers as the log: Redis and NATS JetStream. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createConnection, createServer, type Socket, type Server as TcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RevocationFeed } from '../../src/revocation/feed.ts'
import { jetStreamLog } from '../../src/revocation/jetstream.ts'
import { redisStreamLog } from '../../src/revocation/redis-stream.ts'
import { systemTimer } from '../../src/service/timer.ts'
import { freePort } from '../runtimes/ports.mjs'
import { describeIf } from '../store/present.ts'
import { checkLog, hour, revoked } from './log-contract.ts'

function find(program: string, name: string): { readonly program: string } | { readonly missing: string } {
  // Where Debian puts servers, and not everybody looks.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
  const found = [process.env.NATS_SERVER_BIN, ...folders.map((folder) => join(folder, program))].find(
    (path) => path?.endsWith(program) && existsSync(path),
  )
  return found === undefined ? { missing: `${name} is not installed: apt-get install ${program}` } : { program: found }
}

/** A server that can be killed and started again over the same folder. */
class Server {
  readonly folder = mkdtempSync(join(tmpdir(), 'sallyport-log-'))
  #child: ChildProcess | undefined
  readonly #command: () => readonly [string, readonly string[]]

  constructor(command: (folder: string) => readonly [string, readonly string[]]) {
    this.#command = () => command(this.folder)
  }

  start(): void {
    const [program, args] = this.#command()
    this.#child = spawn(program, args, { stdio: 'ignore', cwd: this.folder })
  }

  async kill(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve())
      child.kill('SIGKILL')
    })
  }

  async remove(): Promise<void> {
    await this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** The way to a server. A connection on which something was swallowed stays dead, and open. */
class Path {
  swallows = false
  readonly #server: TcpServer

  constructor(to: number) {
    this.#server = createServer((near) => {
      const far = createConnection(to, '127.0.0.1')
      let dead = false
      const pass = (from: Socket, other: Socket) =>
        from
          .on('data', (bytes) => {
            dead ||= this.swallows
            if (!dead) other.write(bytes)
          })
          .on('error', () => {})
          .on('close', () => other.destroy())
      pass(near, far)
      pass(far, near)
    })
  }

  async open(): Promise<number> {
    const port = await freePort()
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve))
    return port
  }

  close(): void {
    this.#server.close()
  }
}

async function until(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await work()
      return
    } catch (error) {
      if (tries === 200) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

/** After a crash: entries that were acknowledged are there, and feeds go on by themselves. */
function checkCrash(parts: () => { server: Server; open: (name: string) => ReturnType<typeof jetStreamLog> }): void {
  test('a crash: stale while it lasts, then all is known', { timeout: 60_000 }, async () => {
    const { server, open } = parts()
    const feed = new RevocationFeed({ log: await open('crash'), timer: systemTimer, bound: 1500, interval: 100 })
    const running = feed.run()
    try {
      for (let i = 0; i < 20; i++) await feed.publish(revoked(`before ${i}`))
      await until(async () => feed.check())
      await server.kill()
      const start = performance.now()
      await until(async () => {
        expect(() => feed.check()).toThrow(/nothing was heard/)
      })
      expect(performance.now() - start).toBeLessThan(15_000)
      server.start()
      await until(async () => feed.check())
      await until(() => feed.publish(revoked('after')))
      await until(async () => expect(feed.has('acme', 'delegation', 'after')).toBe(true))
      const other = new RevocationFeed({ log: await open('crash'), timer: systemTimer, bound: hour })
      await other.refresh()
      const ids = [...Array.from({ length: 20 }, (_, i) => `before ${i}`), 'after']
      expect(ids.filter((id) => !other.has('acme', 'delegation', id))).toEqual([])
    } finally {
      feed.stop()
      await running
    }
  })
}

describeIf(find('redis-server', 'Redis'), 'Redis Streams', ({ program }) => {
  let server: Server
  let url: string
  const clients: ReturnType<typeof createClient>[] = []
  async function client() {
    const made: ReturnType<typeof createClient> = createClient({
      url,
      disableOfflineQueue: true,
      socket: { reconnectStrategy: 50 },
    })
    made.on('error', () => {})
    await made.connect()
    clients.push(made)
    return made
  }
  beforeAll(async () => {
    const port = await freePort()
    url = `redis://127.0.0.1:${port}`
    server = new Server(() => [
      program,
      ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'yes', '--appendfsync', 'always'],
    ])
    server.start()
    await until(client)
  })
  afterAll(async () => {
    for (const one of clients) one.destroy()
    await server.remove()
  })

  const open = async (name: string) =>
    redisStreamLog(await client(), { key: `{${name}}`, ...(name === 'running' && { waiting: await client() }) })
  checkLog(open)
  checkCrash(() => ({ server, open }))

  test('what somebody else trimmed is missed', async () => {
    const log = await open('trimmed')
    for (let i = 0; i < 5; i++) await log.append(`${i}`)
    await clients[0]!.sendCommand(['XTRIM', '{trimmed}', 'MAXLEN', '0'])
    expect(await log.read(1, 10)).toEqual({ first: 6, last: 5, entries: [] })
    const feed = new RevocationFeed({ log, timer: systemTimer, bound: hour })
    await expect(feed.refresh()).rejects.toMatchObject({ code: 'E_REVOCATION_STALE' })
  })

  test('a connection that is dead without knowing: stale while it lasts, then all is known', {
    timeout: 60_000,
  }, async () => {
    const path = new Path(Number(new URL(url).port))
    const port = await path.open()
    // It is silent for longer than an answer may take: what the log goes on to ask must not hide that.
    const socket = { socketTimeout: 1500, reconnectStrategy: 50 }
    const dying = createClient({ url: `redis://127.0.0.1:${port}`, disableOfflineQueue: true, socket })
    await dying.on('error', () => {}).connect()
    const faults: unknown[] = []
    const log = redisStreamLog(dying, { key: '{dying}' })
    const onFault = (error: unknown) => void faults.push(error)
    const feed = new RevocationFeed({ log, timer: systemTimer, bound: 800, interval: 100, timeout: 300, onFault })
    const running = feed.run()
    try {
      await until(async () => feed.check())
      path.swallows = true
      await until(async () => expect(() => feed.check()).toThrow(/nothing was heard/))
      expect(faults[0]).toMatchObject({ code: 'E_REVOCATION_LOG', message: expect.stringContaining('within 300 ms') })
      path.swallows = false
      const elsewhere = redisStreamLog(await client(), { key: '{dying}' })
      await new RevocationFeed({ log: elsewhere, timer: systemTimer, bound: hour }).publish(revoked('x'))
      await until(async () => feed.check())
      expect(feed.has('acme', 'delegation', 'x')).toBe(true)
    } finally {
      feed.stop()
      dying.destroy()
      path.close()
      await running
    }
  })

  test('replicas that are not there acknowledge nothing', async () => {
    const log = redisStreamLog(await client(), { key: '{replicas}', replicas: 1, wait: 50 })
    await expect(log.append('x')).rejects.toMatchObject({ code: 'E_REVOCATION_LOG' })
  })
})

describeIf(find('nats-server', 'NATS'), 'NATS JetStream', ({ program }) => {
  let server: Server
  let port: number
  let connection: NatsConnection
  beforeAll(async () => {
    port = await freePort()
    server = new Server((folder) => [program, ['-js', '-sd', folder, '-a', '127.0.0.1', '-p', `${port}`]])
    server.start()
    await until(async () => {
      connection = await connect({
        servers: `127.0.0.1:${port}`,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 50,
        timeout: 2000,
      })
      await jetstreamManager(connection)
    })
  })
  afterAll(async () => {
    await connection?.close()
    await server.remove()
  })

  const open = async (name: string) => {
    const manager = await jetstreamManager(connection)
    const [stream, subject] = [name.toUpperCase(), `revocations.${name}`]
    await manager.streams.info(stream).catch(() => manager.streams.add({ name: stream, subjects: [subject] }))
    return jetStreamLog(connection, { stream, subject })
  }
  checkLog(open)
  checkCrash(() => ({ server, open }))

  describe('what is not there', () => {
    test('a stream: nothing is known', async () => {
      const log = await jetStreamLog(connection, { stream: 'NONE', subject: 'none' })
      await expect(log.read(1, 1)).rejects.toMatchObject({ code: 'E_REVOCATION_LOG' })
      await expect(log.append('x')).rejects.toMatchObject({ code: 'E_REVOCATION_LOG' })
    })
  })
})
