import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type RunningService, type ServeOptions, serve } from '../../src/service/node.ts'
import { freePort } from '../runtimes/ports.mjs'
import { postInit, readAnswer, recordsApp, request } from './support.ts'

const app = await recordsApp()
const running: RunningService[] = []
const start = async (options: Partial<ServeOptions> & { port: number }) => {
  const service = await serve({ app, ...options })
  running.push(service)
  return service
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((service) => service.close()))
})

/** A plain connection, to send half a request. */
async function open(port: number): Promise<Socket & { received: () => string; ended: Promise<void> }> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => {})
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
  return Object.assign(socket, { received: () => text, ended })
}

const body = JSON.stringify(request)
const head = (more: string) =>
  `POST /access/v1/evaluation HTTP/1.1\r\nHost: pdp.test\r\nContent-Type: application/json\r\n${more}\r\n`
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('serve', () => {
  it('answers on loopback and tells its URL', async () => {
    const port = await freePort()
    const service = await start({ port })
    expect(service).toMatchObject({ url: `http://127.0.0.1:${port}`, port })
    const answer = await readAnswer(await fetch(`${service.url}/access/v1/evaluation`, postInit(request)))
    expect(answer).toMatchObject({ status: 200, body: { decision: true } })
    const metadata = await readAnswer(await fetch(`${service.url}/.well-known/authzen-configuration`))
    expect(metadata.body.policy_decision_point).toBe(service.url)
  })

  it('refuses paths that are not resolved, and tells of which request', async () => {
    const { port } = await start({ port: 0 })
    for (const path of ['/access/v1/./evaluation', '/a/../access/v1/evaluation', '/access%2f..%5cv1']) {
      const socket = await open(port)
      socket.write(`GET ${path} HTTP/1.1\r\nHost: pdp.test\r\nX-Request-ID: rid-1\r\nConnection: close\r\n\r\n`)
      await socket.ended
      expect(socket.received(), path).toMatch(/^HTTP\/1\.1 (400|404) /)
      expect(socket.received(), path).toMatch(/^x-request-id: rid-1\r$/im)
      if (path.includes('/./')) expect(socket.received()).toContain('send it resolved')
    }
  })

  it('lets the system choose a port', async () => {
    const service = await start({ port: 0 })
    expect(service.port).toBeGreaterThan(0)
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200)
  })

  it('says in one line what keeps it from listening', async () => {
    const { port } = await start({ port: 0 })
    await expect(serve({ app, port })).rejects.toMatchObject({
      code: 'E_PORT',
      message: `port ${port} is taken; choose another with --port or PORT`,
    })
    await expect(serve({ app, port: 70_000 })).rejects.toMatchObject({ code: 'E_USAGE' })
    await expect(serve({ app, port: 1.5 })).rejects.toMatchObject({ code: 'E_USAGE' })
    await expect(serve({ app, port: 0, host: '203.0.113.1' })).rejects.toMatchObject({ code: 'E_USAGE' })
  })

  it('closes connections that are kept alive and idle, and the port is free again', async () => {
    const service = await start({ port: 0 })
    const socket = await open(service.port)
    socket.write(`${head(`Content-Length: ${body.length}\r\n`)}${body}`)
    await expect.poll(() => socket.received()).toContain('{"decision":true}')
    await service.close()
    await socket.ended
    await service.close()
    await start({ port: service.port })
  })

  it.each([
    ['it closes', (service: RunningService) => void service.close(), false],
    ['it is drained', () => {}, true],
  ])('tells clients that an answer is the last one of their connection, once %s', async (_, begin, drained) => {
    let draining = false
    const service = await start({ port: 0, draining: () => draining })
    const whole = `${head(`Content-Length: ${body.length}\r\n`)}${body}`
    const get = 'GET /healthz HTTP/1.1\r\nHost: pdp.test\r\n\r\n'
    for (const next of [whole, get]) {
      const socket = await open(service.port)
      socket.write(whole)
      await expect.poll(() => socket.received()).toContain('{"decision":true}')
      expect(socket.received()).toMatch(/connection: keep-alive/i)
      begin(service)
      draining = drained
      socket.write(next)
      await socket.ended
      const [, , ...second] = socket.received().split('HTTP/1.1 200')
      expect(second.join('')).toMatch(/connection: close/i)
      if (!drained) break
      draining = false
    }
  })

  it('answers what is no request of the web with a problem', async () => {
    const { port } = await start({ port: 0 })
    for (const text of [
      'GET /healthz HTTP/1.1\r\nHost: a b',
      'GET /healthz HTTP/1.1\r\nHost: pdp.test\r\nhost: other.test',
      'OPTIONS * HTTP/1.1\r\nHost: pdp.test',
      'GET /healthz HTTP/1.0',
    ]) {
      const socket = await open(port)
      socket.write(`${text}\r\nConnection: close\r\n\r\n`)
      await socket.ended
      expect(socket.received(), text).toMatch(/^HTTP\/1\.1 400 .*"code":"E_REQUEST"/s)
      expect(socket.received(), text).toMatch(/content-type: application\/problem\+json/i)
    }
  })

  it('finishes requests in flight, and accepts no more', async () => {
    const service = await start({ port: 0 })
    const socket = await open(service.port)
    socket.write(head(`Content-Length: ${body.length}\r\n`) + body.slice(0, 20))
    await pause(50)
    let closed = false
    const closing = service.close().then(() => {
      closed = true
    })
    await expect(fetch(`${service.url}/healthz`)).rejects.toThrow()
    await pause(100)
    expect(closed).toBe(false)
    socket.write(body.slice(20))
    await closing
    await socket.ended
    expect(socket.received()).toContain('HTTP/1.1 200')
    expect(socket.received()).toContain('{"decision":true}')
  })

  it('does not wait for ever', async () => {
    const service = await start({ port: 0, closeTimeout: 200 })
    const socket = await open(service.port)
    socket.write(head('Content-Length: 100\r\n'))
    await pause(50)
    const before = performance.now()
    await service.close()
    expect(performance.now() - before).toBeLessThan(2000)
    await socket.ended
    expect(socket.received()).not.toContain('200')
  })
})

describe('bodies that are too large', () => {
  it('are refused with 413 by their announced length, before they are read', async () => {
    const service = await start({ port: 0 })
    const socket = await open(service.port)
    socket.write(head(`Content-Length: ${2 ** 30}\r\n`))
    await expect.poll(() => socket.received()).toContain('HTTP/1.1 413')
    await expect.poll(() => socket.received()).toContain('"code":"E_TOO_LARGE"')
    socket.destroy()
    expect((await fetch(`${service.url}/access/v1/evaluation`, postInit(request))).status).toBe(200)
  })

  it('are refused with 413 when they come in chunks', async () => {
    const service = await start({ port: 0 })
    const send = async (megabytes: number) => {
      const chunk = new Uint8Array(65_536).fill(0x20)
      let left = megabytes * 16
      const stream = new ReadableStream({
        pull(controller) {
          if (left-- > 0) controller.enqueue(chunk)
          else {
            controller.enqueue(new TextEncoder().encode(body))
            controller.close()
          }
        },
      })
      // A stream has no length to announce; fetch sends it in chunks. TypeScript's DOM types lack `duplex`.
      const init: RequestInit & { duplex: 'half' } = { ...postInit({}), body: stream, duplex: 'half' }
      return fetch(`${service.url}/access/v1/evaluation`, init)
    }
    expect((await send(0)).status).toBe(200)
    expect((await send(0.5)).status).toBe(200)
    const answer = await readAnswer(await send(3))
    expect(answer).toMatchObject({ status: 413, body: { code: 'E_TOO_LARGE', title: 'Content Too Large' } })
    expect((await send(0)).status).toBe(200)
  })

  it('end at the byte', async () => {
    const service = await start({ port: 0 })
    const send = (length: number) => fetch(`${service.url}/access/v1/evaluation`, postInit(body.padEnd(length)))
    expect((await send(2 ** 20)).status).toBe(200)
    expect((await send(2 ** 20 + 1)).status).toBe(413)
  })
})

describe('clients that break off', () => {
  it('are not taken for a fault of the service', async () => {
    const logged: string[] = []
    const quiet = await recordsApp({ logger: { error: (message) => logged.push(message) } })
    const service = await start({ app: quiet, port: 0 })
    for (const length of ['Content-Length: 1000', 'Transfer-Encoding: chunked']) {
      const socket = await open(service.port)
      socket.write(`${head(`${length}\r\n`)}14\r\n${body.slice(0, 20)}\r\n`)
      await pause(50)
      socket.destroy()
      await pause(50)
    }
    expect(logged).toEqual([])
    expect((await fetch(`${service.url}/access/v1/evaluation`, postInit(request))).status).toBe(200)
  })
})
