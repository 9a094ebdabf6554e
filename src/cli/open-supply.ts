/** Chooses what `serve` has its engines from. */
import type { Send } from '../service/public-fetch.ts'
import { usage } from './arguments.ts'
import { supplyBundle } from './bundle-supply.ts'
import type { Io } from './io.ts'
import { supplyPolicies } from './policy-supply.ts'
import { type BundleFlags, readBundleFlags } from './serve-bundle.ts'
import type { Supply } from './supply.ts'

interface Flags extends BundleFlags {
  readonly watch: boolean
  readonly tenant: string | undefined
}

/** @throws PolicyError, SallyportError as reading policies and bundles does; `E_USAGE` */
export async function openSupply(path: string | undefined, flags: Flags, send: Send, io: Io): Promise<Supply> {
  const bundle = await readBundleFlags(flags, send, io)
  if (bundle !== undefined) {
    if (path !== undefined || flags.watch || flags.tenant !== undefined) {
      throw usage('--bundle stands in place of PATH, --watch and --tenant: a bundle is followed, with all its tenants')
    }
    return supplyBundle(bundle, io)
  }
  if (path === undefined) {
    throw usage('serve needs a policy file or folder: sallyport serve policies/')
  }
  if (path === '-' && flags.watch) throw usage('--watch needs a file or folder; standard input does not change')
  return supplyPolicies(path, flags.tenant, flags.watch, io)
}
