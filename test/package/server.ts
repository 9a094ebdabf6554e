import { createEngine } from 'sallyport'
import type * as authzen from 'sallyport/authzen'
import { createApp } from 'sallyport/service'
import { serve } from 'sallyport/service/node'

const engine = await createEngine({ policies: { version: 1, rules: [{ id: 'open', allow: 'read', on: 'page' }] } })
export const service = await serve({ app: createApp({ engine }), port: 0 })
export type Names = keyof typeof authzen
