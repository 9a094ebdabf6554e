/**
 * Writes what the hosts beside this file run: the core, images of the policies of test/runtimes, and a body with the answer
 * for each of its recorded requests. The answers come of objects (`evaluate`), and not of what the hosts call.
 *
 *   node examples/hosts/prepare.mjs build/hosts
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createEngine } from 'sallyport'
import { formatDecision, parseBody, readRequest } from 'sallyport/authzen'

const folder = process.argv[2] ?? 'build/hosts'
const recorded = fileURLToPath(new URL('../../test/runtimes/cases.json', import.meta.url))
const { policies, cases } = JSON.parse(readFileSync(recorded, 'utf8'))

mkdirSync(folder, { recursive: true })
copyFileSync(fileURLToPath(import.meta.resolve('sallyport/core.wasm')), `${folder}/core.wasm`)
const engines = new Map()
for (const [name, texts] of Object.entries(policies)) {
  const engine = await createEngine({ policies: texts })
  // The tuples of a document are for the host to add, which these do not: see docs/abi.md.
  if (texts.some((text) => /^relations:/m.test(text))) continue
  engines.set(name, engine)
  writeFileSync(`${folder}/${name}.image`, engine.image.bytes)
}
const bodies = cases.flatMap(({ policies: name, request, now, untrusted, expected }) => {
  const engine = engines.get(name)
  // A request over the wire has no state, and marks are the host's.
  if (engine === undefined || request.state !== undefined || untrusted?.length > 0) return []
  const body = JSON.stringify(request)
  const decision = answer(() => engine.evaluate(readRequest(parseBody(body, 64)), now === undefined ? {} : { now }))
  if (decision === undefined) return []
  if (decision.status !== expected.status) throw new Error(`${name}: ${body} is not decided as it was recorded`)
  return [{ image: `${name}.image`, body, now: now ?? null, answer: JSON.stringify(formatDecision(decision)) }]
})
writeFileSync(`${folder}/cases.json`, JSON.stringify(bodies))
console.log(`${bodies.length} bodies for ${engines.size} images in ${folder}`)

/** Undefined for a recorded request that is none as JSON. */
function answer(decide) {
  try {
    return decide()
  } catch {
    return undefined
  }
}
