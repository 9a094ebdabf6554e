/**
 * The service; the same as it answers when something has a say in requests, through its app alone; the service with an engine that answers a
 * constant and decides nothing; and a server of Node alone that answers it. Four ports of one process, which tells the URLs, and what it has
 * computed when it is asked.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { rbacAbac } from '../workloads/rbac-abac.ts'
import { sizeCase } from '../workloads/workload.ts'
import type { HttpServers } from './http.ts'

const dist = new URL('../../dist/src/', import.meta.url)
const { createEngine }: typeof import('../../src/index.ts') = await import(new URL('index.js', dist).href)
const { createApp }: typeof import('../../src/service/app.ts') = await import(new URL('service/app.js', dist).href)
const { serve }: typeof import('../../src/service/node.ts') = await import(new URL('service/node.js', dist).href)

const { document } = rbacAbac.build({ case: sizeCase(1000), seed: 1, requests: 1 })
const engine = await createEngine({ policies: document })
const app = createApp({ engine })
const answer = '{"decision":true}'
const bytes = new TextEncoder().encode(answer)
// All but the decision is as ever: routing, checks of the head, limits, the body read whole, the head of the answer.
const undecided: typeof engine = Object.create(engine, { evaluateJson: { value: () => bytes } })
const head = { 'Content-Type': 'application/json', 'Content-Length': answer.length }
// It does not look at what it is asked, and reads no body: no server of any framework is faster on Node.
const bare = createServer((_incoming, outgoing) => outgoing.writeHead(200, head).end(answer))
await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve))

const servers: HttpServers = {
  service: (await serve({ app, port: 0 })).url,
  app: (await serve({ app: { fetch: (...given) => app.fetch(...given) }, port: 0 })).url,
  constant: (await serve({ app: createApp({ engines: new Map([['default', undecided]]) }), port: 0 })).url,
  bare: `http://127.0.0.1:${(bare.address() as AddressInfo).port}`,
}
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.(user + system)
})
process.send?.(servers)
process.once('disconnect', () => process.exit())
