/** The short benchmark as a script, for Node, Deno and Bun: prints its figures as JSON. */
import * as sallyport from 'sallyport/engine'
import data from '../../build/bench/runtimes.json' with { type: 'json' }
import { measure } from './suite.mjs'

console.log(JSON.stringify(await measure(sallyport, data)))
