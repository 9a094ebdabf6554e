// What a program for any runtime may import: it has no types of Node.
import { type AccessRequest, createEngine, type Decision, definePolicies } from 'sallyport'
import { importOpenGuard } from 'sallyport/dialects/open-guard'
import { loadEngine } from 'sallyport/engine'

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

// @ts-expect-error the action is misspelt
engine.evaluate({ ...request, action: { name: 'raed' }, resource: { type: 'page', id: '1' } })

export const imported: string | undefined = importOpenGuard([]).document?.tenant
