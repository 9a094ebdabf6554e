// What a program for any runtime may import: it has no types of Node.
import { type AccessRequest, createEngine, type Decision, definePolicies } from 'sallyport'
import { importOpenGuard } from 'sallyport/dialects/open-guard'
import { loadEngine as loadEdge } from 'sallyport/edge'
import { loadEngine } from 'sallyport/engine'
import { explain } from 'sallyport/engine/explain'
import { relationsOf } from 'sallyport/engine/relations'
import { d1Store } from 'sallyport/store/d1'
import { durableObjectStore } from 'sallyport/store/durable-object'
import { Freshness } from 'sallyport/store/freshness'
import { indexedDbStore } from 'sallyport/store/indexeddb'
import { memoryStore, type Write } from 'sallyport/store/memory'
import { deleteBefore } from 'sallyport/store/sweep'

const policies = definePolicies({ version: 1, rules: [{ id: 'open', allow: 'read', on: 'page' }] })
const request = {
  subject: { type: 'user', id: 'ann' },
  action: { name: 'read' },
  resource: { type: 'page', id: '1' },
} satisfies AccessRequest

const engine = await createEngine({ policies })
export const decision: Decision = engine.evaluate({
  ...request,
  action: { name: 'read' },
  resource: { type: 'page', id: '1' },
})
export const same: boolean = (await loadEngine(engine.image.bytes)).evaluate(request).decision
const small = await loadEdge(engine.image.bytes)
export const rules = explain(small, request).rules
export const tuples: number = relationsOf(small).size
// @ts-expect-error it is a function of its own
small.explain(request)

// @ts-expect-error the action is misspelt
engine.evaluate({ ...request, action: { name: 'raed' }, resource: { type: 'page', id: '1' } })

export const imported: string | undefined = importOpenGuard([]).document?.tenant

const use: Write = { update: 'counters', key: { name: 'a', window: 0 }, add: { value: 1 } }
export const written = memoryStore().tenant('acme').write([use])
// @ts-expect-error the column is misspelt
export const wrong: Write = { update: 'counters', key: { name: 'a', window: 0 }, add: { valeu: 1 } }
export const stores = [d1Store, durableObjectStore, indexedDbStore, Freshness, deleteBefore]
