/** All that is the same in every runtime, as one report. */
import * as sallyport from 'sallyport'
import * as guard from 'sallyport/guard'
import * as identity from 'sallyport/identity'
import * as memory from 'sallyport/store/memory'
import recording from './cases.json' with { type: 'json' }
import { runLending } from './lending.mjs'
import { runSuite } from './suite.mjs'

/** @returns {Promise<{ passed: number, failures: string[] }>} */
export async function runAll() {
  const reports = [await runSuite(sallyport, recording), await runLending(sallyport, guard, memory, identity)]
  return {
    passed: reports.reduce((sum, { passed }) => sum + passed, 0),
    failures: reports.flatMap(({ failures }) => failures),
  }
}
