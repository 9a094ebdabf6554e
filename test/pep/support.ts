/** A PDP that answers as a test says, on a real port, and remembers what came. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'

export interface Came {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** Answers the n-th request, from 0. */
export type Respond = (response: ServerResponse, came: Came, n: number) => void

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

export async function startPdp(respond: Respond): Promise<{ readonly url: string; readonly came: readonly Came[] }> {
  const came: Came[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
    respond(response, one, came.push(one) - 1)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, came }
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body))
}

export const request = {
  subject: { type: 'user', id: 'alice' },
  action: { name: 'read' },
  resource: { type: 'record', id: 'record-1' },
}

/** For tests that are not about finding the endpoints. */
export function at(url: string) {
  return { pdp: url, endpoints: { access_evaluation_endpoint: `${url}/access/v1/evaluation` } }
}

export async function failureOf(
  promise: Promise<unknown>,
): Promise<{ code?: string; message: string; status?: number }> {
  try {
    await promise
  } catch (error) {
    return error as { code?: string; message: string; status?: number }
  }
  throw new Error('it did not fail')
}

/** Of a PDP that evaluates at `/e`. */
export function metadataOf(url: string) {
  return { policy_decision_point: url, access_evaluation_endpoint: `${url}/e` }
}
