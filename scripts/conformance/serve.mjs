/** The service over the example's policies, with the server that Node, Deno or Bun has: node serve.mjs PORT */
import { readdirSync, readFileSync } from 'node:fs'
import { createEngine } from 'sallyport'
import { createApp } from 'sallyport/service'

const folder = new URL('../../examples/records/policies/', import.meta.url)
const policies = readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }))
const app = createApp({ engine: await createEngine({ policies }) })
const port = Number(process.argv[2])
const hostname = '127.0.0.1'

if ('Deno' in globalThis) globalThis.Deno.serve({ port, hostname, onListen: () => {} }, app.fetch)
else if ('Bun' in globalThis) globalThis.Bun.serve({ port, hostname, fetch: app.fetch })
else {
  const { serve } = await import('sallyport/service/node')
  await serve({ app, port, host: hostname })
}
