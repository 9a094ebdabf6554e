/** The short benchmark on a web page: leaves a promise of its figures where the driver finds it. */
import * as sallyport from 'sallyport/engine'
import data from '../../build/bench/runtimes.json' with { type: 'json' }
import { measure } from './suite.mjs'

globalThis.report = measure(sallyport, data)
