/** Runs the contract, random histories and the guard's checks where there is no test library. */
import type { Store } from '../../src/store/port.ts'
import { contract } from './contract.ts'
import { guardChecks } from './guard-checks.ts'
import { replay } from './histories.ts'

/** What failed, by the name of the check; null: it passed. */
export type Report = Readonly<Record<string, string | null>>

/** With two stores on one database, where there can be two. */
const checks: Readonly<Record<string, (store: Store, tenant: string, other: Store) => Promise<void>>> = {
  ...Object.fromEntries(
    Object.entries(contract).map(([name, check]) => [name, (store, tenant) => check(store, store.tenant(tenant))]),
  ),
  ...Object.fromEntries(
    Object.entries(guardChecks).map(([name, check]) => [
      name,
      (store: Store, tenant: string, other: Store) => check([store, other], tenant),
    ]),
  ),
  async 'random histories'(store, tenant) {
    for (let seed = 0; seed < 20; seed++) await replay(seed, 60, store.tenant(`${tenant}-${seed}`))
  },
}

export const passed: Report = Object.fromEntries(Object.keys(checks).map((name) => [name, null]))

export async function reportOf(store: Store, other = store): Promise<Report> {
  const report: Record<string, string | null> = {}
  for (const [i, [name, check]] of Object.entries(checks).entries()) {
    report[name] = await check(store, `tenant-${i}`, other).then(
      () => null,
      (error: Error) => `${error.message} ${error.stack}`,
    )
  }
  return report
}
