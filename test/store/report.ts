/** Runs the contract and random histories where there is no test library. */
import type { Store } from '../../src/store/port.ts'
import { contract } from './contract.ts'
import { replay } from './histories.ts'

/** What failed, by the name of the check; null: it passed. */
export type Report = Readonly<Record<string, string | null>>

const checks: Readonly<Record<string, (store: Store, tenant: string) => Promise<void>>> = {
  ...Object.fromEntries(
    Object.entries(contract).map(([name, check]) => [name, (store, tenant) => check(store, store.tenant(tenant))]),
  ),
  async 'random histories'(store, tenant) {
    for (let seed = 0; seed < 20; seed++) await replay(seed, 60, store.tenant(`${tenant}-${seed}`))
  },
}

export const passed: Report = Object.fromEntries(Object.keys(checks).map((name) => [name, null]))

export async function reportOf(store: Store): Promise<Report> {
  const report: Record<string, string | null> = {}
  for (const [i, [name, check]] of Object.entries(checks).entries()) {
    report[name] = await check(store, `tenant-${i}`).then(
      () => null,
      (error: Error) => `${error.message} ${error.stack}`,
    )
  }
  return report
}
