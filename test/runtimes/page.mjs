/** The suite on a web page: leaves a promise of the report where the driver finds it. */
import { runAll } from './all.mjs'

globalThis.report = runAll()
