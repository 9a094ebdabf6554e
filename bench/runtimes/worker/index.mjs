/**
 * The short benchmark in a Worker. Its clock stands still while it computes, so it only decides, as many times as the query
 * says, and the client reads the clock.
 */
import * as sallyport from 'sallyport/engine'
import data from '../../../build/bench/runtimes.json' with { type: 'json' }
import { decodeImage, prepare } from '../suite.mjs'

const image = decodeImage(data.image)
let prepared

export default {
  async fetch(request) {
    const passes = new URL(request.url).searchParams.get('passes')
    if (passes === null) return new Response('ready')
    // None at all: the first decision alone.
    prepared ??= prepare(sallyport, image, data)
    return Response.json({ decided: (await prepared).decide(Number(passes)) })
  },
}
