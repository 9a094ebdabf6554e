/** A proxy between a client and a server, which can stop passing anything on, and cut connections. */
import { createServer, connect as dial, type Server, type Socket } from 'node:net'

export class SlowProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #stalled = false
  #unheard: string | undefined

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(target: number): Promise<SlowProxy> {
    const server = createServer()
    const proxy = new SlowProxy(server)
    server.on('connection', (client) => proxy.#join(client, dial(target, '127.0.0.1')))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  /** From now on nothing goes through, as when a network drops packets. */
  stall(stalled: boolean): void {
    this.#stalled = stalled
    for (const socket of this.#sockets)
      if (stalled) socket.pause()
      else socket.resume()
  }

  /** A connection that sends this text is heard no more, and hears nothing. */
  swallow(text: string | undefined): void {
    this.#unheard = text
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #join(client: Socket, server: Socket): void {
    let swallowed = false
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from)
      if (this.#stalled) from.pause()
      from.on('data', (chunk) => {
        if (this.#unheard !== undefined && chunk.includes(this.#unheard)) swallowed = true
        if (!swallowed) to.write(chunk)
      })
      from.on('error', () => to.destroy())
      from.on('close', () => {
        this.#sockets.delete(from)
        to.destroy()
      })
    }
  }
}
