#!/usr/bin/env node
/** The command `sallyport`. */
import { processIo } from './process-io.ts'
import { run } from './run.ts'

const code = await run(process.argv.slice(2), processIo())
// What was written to a pipe must get out first.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))))
// Whatever is still open, a watch or a connection that does not answer, is not waited for.
process.exit(code)
