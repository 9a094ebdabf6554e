/** Compiled, not run: an engine knows the actions and resource types of the policies it was made from. */
import { createEngine } from '../../src/engine/index.ts'
import type { Engine } from '../../src/engine/types.ts'
import { definePolicies } from '../../src/policy/define.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'

const subject = { type: 'user', id: 'alice' }
const record = { type: 'record', id: 'r1' } as const
const read = { name: 'read' } as const

const policies = definePolicies({
  version: 1,
  rules: [
    { id: 'editors', allow: ['read', 'write'], on: 'record' },
    { id: 'travel', allow: 'travel:*', on: 'trip' },
  ],
})

export const engine = await createEngine({ policies })

engine.evaluate({ subject, action: read, resource: record })
engine.evaluate({ subject, action: { name: 'travel:book' }, resource: { type: 'trip', id: 't' } }, { now: 0 })
engine.evaluateMany([{ subject, action: { name: 'write' }, resource: record }], { now: new Date(0) })
engine.explain({ subject, action: read, resource: record, context: { anything: ['at', { all: 5n }] } })

// @ts-expect-error: "raed" is no action.
engine.evaluate({ subject, action: { name: 'raed' }, resource: record })
// @ts-expect-error: "recrod" is no resource type.
engine.evaluate({ subject, action: read, resource: { type: 'recrod', id: 'r1' } })
engine.evaluateMany([
  { subject, action: read, resource: record },
  // @ts-expect-error: "raed" is no action.
  { subject, action: { name: 'raed' }, resource: record },
])
// @ts-expect-error: "recrod" is no resource type.
engine.evaluateMany([{ subject, action: read, resource: { type: 'recrod', id: 'r1' } }])
// @ts-expect-error: "travel" does not start with "travel:".
engine.explain({ subject, action: { name: 'travel' }, resource: record })
// @ts-expect-error: "recrod" is no resource type.
engine.explain({ subject, action: read, resource: { type: 'recrod', id: 'r1' } })

// @ts-expect-error: the resource is missing.
engine.evaluate({ subject, action: read })
// @ts-expect-error: an id is a string.
engine.evaluate({ subject: { type: 'user', id: 5 }, action: read, resource: record })
// @ts-expect-error: the time is a Date or a number.
engine.evaluate({ subject, action: read, resource: record }, { now: '2026-01-01' })
// @ts-expect-error: a decision is not to be changed.
engine.evaluate({ subject, action: read, resource: record }).decision = true

// With a tenant, too.
const chosen = await createEngine({ policies, tenant: 'default' })
// @ts-expect-error: "raed" is no action.
chosen.evaluate({ subject, action: { name: 'raed' }, resource: record })

// What is only known when it runs accepts every string: text, named text, several sources, images, plain documents.
declare const document: PolicyDocument
export const open: readonly Engine[] = [
  await createEngine({ policies: 'version: 1' }),
  await createEngine({ policies: { name: 'p.yaml', text: 'version: 1' } }),
  await createEngine({ policies: [policies, 'version: 1'] }),
  await createEngine({ image: new Uint8Array(0) }),
  await createEngine({ policies: document }),
]
open[0]?.evaluate({ subject, action: { name: 'whatever' }, resource: { type: 'anything', id: '1' } })
const fromText = await createEngine({ policies: 'version: 1' })
fromText.evaluateMany([{ subject, action: { name: 'whatever' }, resource: { type: 'anything', id: '1' } }])
const fromObject = await createEngine({ policies: document })
fromObject.explain({ subject, action: { name: 'whatever' }, resource: { type: 'anything', id: '1' } })

// @ts-expect-error: policies are text or a document.
await createEngine({ policies: 5 })
// @ts-expect-error: an image is bytes.
await createEngine({ image: 'p.image' })
