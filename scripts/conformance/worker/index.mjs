/** The service over the example's policies in a Cloudflare Worker. */
import { createEngine } from 'sallyport'
import { createApp } from 'sallyport/service'
import agents from '../../../examples/records/policies/agents.yaml'
import entities from '../../../examples/records/policies/entities.yaml'
import records from '../../../examples/records/policies/records.yaml'

const policies = Object.entries({ agents, entities, records }).map(([name, text]) => ({ name, text }))

export default createApp({ engine: await createEngine({ policies }) })
