/** The suite as a script, for Node, Deno and Bun: prints the report as JSON. */
import * as sallyport from 'sallyport'
import recording from './cases.json' with { type: 'json' }
import { runSuite } from './suite.mjs'

console.log(JSON.stringify(await runSuite(sallyport, recording)))
