/** Runs the contract on a web page: leaves what failed, by the name of the check, where the driver finds it. */
import { indexedDbStore } from '../../src/store/indexeddb/index.ts'
import { contract } from './contract.ts'

async function check(): Promise<Record<string, string | null>> {
  const report: Record<string, string | null> = {}
  const store = await indexedDbStore(indexedDB, 'contract')
  for (const [i, [name, run]] of Object.entries(contract).entries()) {
    report[name] = await run(store, store.tenant(`tenant-${i}`)).then(
      () => null,
      (error: Error) => `${error.message} ${error.stack}`,
    )
  }
  return report
}

Object.assign(globalThis, { report: check().catch((error) => ({ opening: String(error) })) })
