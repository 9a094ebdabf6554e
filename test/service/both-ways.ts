/** One app behind two servers: with the direct way to evaluations, and without. Whatever is sent, both must answer the same. */
import { connect } from 'node:net'
import type { Hono } from 'hono'
import { expect } from 'vitest'
import { directWayOf, offerDirectWay } from '../../src/service/direct.ts'
import { type RunningService, type ServeOptions, serve } from '../../src/service/node.ts'
import { type Answer, readAnswer } from './support.ts'

export interface BothWays {
  /** The one with the direct way. */
  readonly service: RunningService
  /** How many requests that one has left to the app. */
  readonly leftToApp: () => number
  /** Sends text as it is, one part after the other; gives all that comes back until the connection ends. */
  raw(parts: readonly string[], pause?: number): Promise<string>
  fetch(path: string, init: RequestInit): Promise<Answer>
  close(): Promise<void>
}

export async function serveBothWays(app: Hono, options: Partial<ServeOptions> = {}): Promise<BothWays> {
  let left = 0
  const counting: typeof app.fetch = (...given) => {
    left++
    return app.fetch(...given)
  }
  const way = directWayOf(app.fetch)
  if (way === undefined) throw new Error('the app has no direct way')
  offerDirectWay(counting, way)
  const service = await serve({ port: 0, ...options, app: { fetch: counting } })
  const plain = await serve({ port: 0, ...options, app: { fetch: (...given) => app.fetch(...given) } })
  return {
    service,
    leftToApp: () => left,
    async raw(parts, pause = 0) {
      const [answer, other] = await Promise.all([service, plain].map(({ port }) => send(port, parts, pause)))
      expect(alike(answer!)).toEqual(alike(other!))
      return answer!
    },
    async fetch(path, init) {
      const [answer, other] = await Promise.all(
        [service, plain].map(async ({ url }) => readAnswer(await fetch(url + path, init))),
      )
      expect(comparable(answer!)).toEqual(comparable(other!))
      return answer!
    },
    async close() {
      await Promise.all([service.close(), plain.close()])
    },
  }
}

function send(port: number, parts: readonly string[], pause: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    socket.setEncoding('latin1').on('data', (chunk) => {
      text += chunk
    })
    const timer = setTimeout(() => socket.destroy(), 4000)
    socket
      .on('error', () => {})
      .once('close', () => {
        clearTimeout(timer)
        resolve(text)
      })
    socket.once('connect', async () => {
      for (const part of parts) {
        if (!socket.writable) return
        socket.write(part, 'latin1')
        if (pause > 0) await new Promise((next) => setTimeout(next, pause))
      }
    })
  })
}

/** The lines of answers, without the time and the order of the fields; names are the same in capitals. */
function alike(text: string): string[] {
  return text
    .split('\r\n')
    .map((line) => line.replace(/^[\w-]+:/, (name) => name.toLowerCase()))
    .filter((line) => !line.startsWith('date:'))
    .sort()
}

function comparable({ status, headers, body }: Answer): unknown {
  return { status, body, headers: [...headers].filter(([name]) => name !== 'date') }
}
