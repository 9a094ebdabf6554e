/** Runs the contract on a web page: leaves what failed, by the name of the check, where the driver finds it. */
import { indexedDbStore } from '../../src/store/indexeddb/index.ts'
import { type Report, reportOf } from './report.ts'

async function check(): Promise<Report> {
  return reportOf(await indexedDbStore(indexedDB, 'contract'))
}

Object.assign(globalThis, { report: check().catch((error) => ({ opening: String(error) })) })
