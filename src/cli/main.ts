#!/usr/bin/env node
/** The command `sallyport`. */
import { processIo } from './process-io.ts'
import { run } from './run.ts'

// Not process.exit: what was written to a pipe must get out first.
process.exitCode = await run(process.argv.slice(2), processIo())
