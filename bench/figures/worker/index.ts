/** The service in a Worker, and a constant answer. The engine is made by the first request that needs it. */
import { loadEngine } from 'sallyport/engine'
import { createApp } from 'sallyport/service'
import image from '../../../build/bench/worker.image'

let app: Promise<{ fetch(request: Request): Response | Promise<Response> }> | undefined

async function makeApp() {
  return createApp({ engine: await loadEngine(new Uint8Array(image)) })
}

export default {
  async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname.startsWith('/constant')) {
      await request.arrayBuffer()
      return new Response('{"decision":true}', { headers: { 'Content-Type': 'application/json' } })
    }
    app ??= makeApp()
    return (await app).fetch(request)
  },
}
