/** The service and the same server with a constant answer, on two ports of one process; prints the URLs and waits. */
import { rbacAbac } from '../workloads/rbac-abac.ts'
import { sizeCase } from '../workloads/workload.ts'

const dist = new URL('../../dist/src/', import.meta.url)
const { createEngine }: typeof import('../../src/index.ts') = await import(new URL('index.js', dist).href)
const { createApp }: typeof import('../../src/service/app.ts') = await import(new URL('service/app.js', dist).href)
const { serve }: typeof import('../../src/service/node.ts') = await import(new URL('service/node.js', dist).href)

const { document } = rbacAbac.build({ case: sizeCase(1000), seed: 1, requests: 1 })
const app = createApp({ engine: await createEngine({ policies: document }) })
const answer = '{"decision":true}'
const constant = {
  // It reads the body, as every server that answers by it must.
  fetch: async (request: Request) => {
    await request.arrayBuffer()
    return new Response(answer, { headers: { 'Content-Type': 'application/json' } })
  },
}
const service = await serve({ app, port: 0 })
const other = await serve({ app: constant, port: 0 })
process.send?.({ service: service.url, constant: other.url })
process.once('disconnect', () => process.exit())
