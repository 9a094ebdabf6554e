/**
 * The short benchmark in a Worker. Its clock stands still while it computes, so it only decides, as many times as the query
 * says, and the client reads the clock.
 */
import * as sallyport from 'sallyport/engine'
import data from '../../../build/bench/runtimes.json' with { type: 'json' }
import { prepare } from '../suite.mjs'

let prepared

export default {
  async fetch(request) {
    const passes = Number(new URL(request.url).searchParams.get('passes') ?? 0)
    if (passes === 0) return new Response('ready')
    prepared ??= prepare(sallyport, data)
    return Response.json({ decided: (await prepared).decide(passes) })
  },
}
