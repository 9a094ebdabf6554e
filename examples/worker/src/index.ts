/** An AuthZEN PDP on Cloudflare Workers. The policies are compiled once, when the Worker starts. */
import { createEngine } from 'sallyport'
import { createApp } from 'sallyport/service'
import policies from './policies.yaml'

export default createApp({ engine: await createEngine({ policies: { name: 'policies.yaml', text: policies } }) })
