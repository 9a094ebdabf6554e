// Uses every entry of the installed package.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createEngine, definePolicies, SallyportError } from 'sallyport'
import * as authzen from 'sallyport/authzen'
import { importOpenGuard } from 'sallyport/dialects/open-guard'
import { loadEngine as loadEdge } from 'sallyport/edge'
import { loadEngine } from 'sallyport/engine'
import { explain } from 'sallyport/engine/explain'
import { relationsOf } from 'sallyport/engine/relations'
import { createApp } from 'sallyport/service'
import { serve } from 'sallyport/service/node'
import { d1Store } from 'sallyport/store/d1'
import { durableObjectStore } from 'sallyport/store/durable-object'
import { Freshness } from 'sallyport/store/freshness'
import { indexedDbStore } from 'sallyport/store/indexeddb'
import { memoryStore } from 'sallyport/store/memory'
import { pgliteStore } from 'sallyport/store/pglite'
import { postgresStore } from 'sallyport/store/postgres'
import { redisState } from 'sallyport/store/redis'
import { sharedState } from 'sallyport/store/shared'
import { sqliteStore } from 'sallyport/store/sqlite'
import { deleteBefore } from 'sallyport/store/sweep'

const policies = definePolicies({ version: 1, rules: [{ id: 'open', allow: 'read', on: 'page' }] })
const request = { subject: { type: 'user', id: 'ann' }, action: { name: 'read' }, resource: { type: 'page', id: '1' } }

const engine = await createEngine({ policies })
expect('a decision', engine.evaluate(request).status, 'allow')
expect('a decision by an image', (await loadEngine(engine.image.bytes)).evaluate(request).status, 'allow')
const edge = await loadEdge(engine.image.bytes)
expect('a decision at the edge', edge.evaluate(request).status, 'allow')
expect('explained', explain(edge, request).rules[0]?.id, 'open')
expect('its tuples', relationsOf(edge).size, 0)
expect('an error class', await createEngine({ policies: 'version: 2' }).catch((e) => e instanceof SallyportError), true)
expect(
  'AuthZEN functions',
  Object.values(authzen).some((each) => typeof each === 'function'),
  true,
)

const { document } = importOpenGuard([{ id: 'open', evaluator_type: 'abac' }])
expect('imported policies', (await createEngine({ policies: document })).evaluate(request).status, 'allow')

const service = await serve({ app: createApp({ engine }), port: 0 })
const answer = await fetch(`${service.url}/access/v1/evaluation`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(request),
})
expect('a decision over HTTP', (await answer.json()).decision, true)
await service.close()

const tenant = memoryStore().tenant('acme')
const row = { name: 'a', window: 0, value: 0, at: 0, expires_at: 0 }
expect('a write', (await tenant.write([{ insert: 'counters', row }])).revision, 1)
const functions = [d1Store, durableObjectStore, Freshness, indexedDbStore, pgliteStore, postgresStore]
functions.push(redisState, sharedState, sqliteStore, deleteBefore)
expect('stores', functions.filter((it) => typeof it === 'function').length, functions.length)

// Without the optional peers of package.json, which are not installed here.
const needPeers = {
  './revocations/jetstream': '@nats-io/jetstream',
  './service/opentelemetry': '@opentelemetry/api',
}
const { exports } = JSON.parse(readFileSync(new URL('node_modules/sallyport/package.json', import.meta.url), 'utf8'))
const entries = Object.keys(exports).filter((entry) => !/\.(json|wasm)$/.test(entry))
for (const entry of entries) {
  const found = await import(`sallyport${entry.slice(1)}`).then(
    (module) => Object.keys(module).length > 0,
    ({ message }) => /package '([^']+)'/.exec(message)?.[1] ?? message,
  )
  expect(entry, found, needPeers[entry] ?? true)
}

const file = (entry) => readFileSync(fileURLToPath(import.meta.resolve(entry)))
expect('the core', WebAssembly.Module.imports(await WebAssembly.compile(file('sallyport/core.wasm'))).length, 0)
expect('the schema', typeof JSON.parse(file('sallyport/policy.schema.json')).$schema, 'string')

function expect(what, found, expected) {
  if (found !== expected) throw new Error(`${what}: ${found} instead of ${expected}`)
}
