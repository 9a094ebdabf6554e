/** The suite on a web page: leaves a promise of the report where the driver finds it. */
import * as sallyport from 'sallyport'
import recording from './cases.json' with { type: 'json' }
import { runSuite } from './suite.mjs'

globalThis.report = runSuite(sallyport, recording)
