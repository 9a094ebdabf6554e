/** The short benchmark that runs in every runtime: the package by its own name, an image, requests. */

/** Rounds, of which the median counts, and how long one is. */
const rounds = 15
const roundMs = 100

/** @param {string} image in base64 */
export function decodeImage(image) {
  return Uint8Array.from(atob(image), (character) => character.charCodeAt(0))
}

/**
 * @param {typeof import('sallyport/engine')} sallyport
 * @param {Uint8Array<ArrayBuffer>} image
 * @param {{ requests: object[], allowed: number }} data
 */
export async function prepare(sallyport, image, { requests, allowed }) {
  const start = performance.now()
  const engine = await sallyport.loadEngine(image)
  engine.evaluate(requests[0])
  const firstMs = performance.now() - start
  return {
    firstMs,
    /** Decides all requests so many times; throws when the decisions are not those that were recorded. */
    decide(passes) {
      let count = 0
      for (let pass = 0; pass < passes; pass++) {
        for (let i = 0; i < requests.length; i++) if (engine.evaluate(requests[i]).decision) count++
      }
      if (count !== passes * allowed) throw new Error(`${count} allowed, expected ${passes * allowed}`)
      return passes * requests.length
    },
  }
}

/** For runtimes whose clock runs: the time of a decision, and of the first one, image included. */
export async function measure(sallyport, data) {
  const { firstMs, decide } = await prepare(sallyport, decodeImage(data.image), data)
  const means = []
  for (let round = -5; round < rounds; round++) {
    let decided = 0
    const start = performance.now()
    let elapsed = 0
    while (elapsed < roundMs) {
      decided += decide(1)
      elapsed = performance.now() - start
    }
    if (round >= 0) means.push((elapsed * 1e6) / decided)
  }
  means.sort((a, b) => a - b)
  return { firstMs, meanNs: means[Math.floor(rounds / 2)] }
}
