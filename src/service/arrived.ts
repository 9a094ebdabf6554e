/** The direct way on Node: requests that have arrived whole are answered on the connection as it is. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DirectQuestion, DirectWay } from './direct.ts'

/** Bytes of most answers: those of their reasons, rules and duties. */
const ROOM = 16_384

type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => unknown

/**
 * Puts the direct way before a listener. Clients send a small body together with its head: then it is there as soon as what came
 * off the socket is parsed, and there is nothing to wait for, no timer and no stream. A body that is not there is the listener's.
 */
export function answeringDirectly(way: DirectWay, listener: Listener): Listener {
  // It is sent before the next one is asked for.
  const room = Buffer.alloc(ROOM)
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse, question: DirectQuestion): void => {
    const body: Buffer | null = incoming.readableLength === question.length ? incoming.read() : null
    const answered = body && attempt(() => way.answer(question, body, room))
    if (answered) {
      send(outgoing, answered, question.requestId)
      return
    }
    // Where the listener looks for a body that was read before it.
    if (body !== null) Object.assign(incoming, { rawBody: body })
    listener(incoming, outgoing)
  }
  return (incoming, outgoing) => {
    const { method, url: target, rawHeaders: fields } = incoming
    const question = attempt(() => way.ask({ method, target, fields }))
    if (question === undefined) listener(incoming, outgoing)
    // The head is announced before the body behind it is parsed.
    else process.nextTick(answer, incoming, outgoing, question)
  }
}

/** What fails is the listener's, which tells and logs it. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}

function send(outgoing: ServerResponse, body: Uint8Array<ArrayBuffer>, requestId: string | undefined): void {
  const head = ['Content-Type', 'application/json', 'Content-Length', String(body.length)]
  if (requestId !== undefined) head.push('x-request-id', requestId)
  outgoing.writeHead(200, head)
  // As text head and body leave in one piece. Latin-1 has one character for each byte, and is what the head is written in.
  outgoing.end(Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1'), 'latin1')
}
