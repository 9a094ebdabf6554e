/** A server on this machine that answers as a recorded PDP and its authorization server did. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Recorded {
  /** What the PDP answers; nothing at all when left out. */
  readonly answer?: { readonly status: number; readonly body: unknown }
  /** Seconds that its tokens live. */
  readonly expiresIn?: number
}

export interface RecordedServer {
  readonly url: string
  /** The bodies of the token requests. */
  readonly tokenForms: readonly string[]
  close(): Promise<void>
}

export async function startRecorded({ answer, expiresIn = 3600 }: Recorded): Promise<RecordedServer> {
  const tokenForms: string[] = []
  const server = createServer(async (request, response) => {
    const body = await textOf(request)
    const send = (status: number, value: unknown) =>
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
    if (request.url === '/token') {
      tokenForms.push(body)
      send(200, { access_token: 'token', token_type: 'Bearer', expires_in: expiresIn })
    } else if (answer !== undefined) send(answer.status, answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    tokenForms,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks).toString('utf8')
}
