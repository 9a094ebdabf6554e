/** The suite as a script, for Node, Deno and Bun: prints the report as JSON. */
import { runAll } from './all.mjs'

console.log(JSON.stringify(await runAll()))
