/**
 * open-guard's HTTP API (open-guard-python 0.12.5) over the guard, at `/compat/open-guard/v1`: for clients that are there already.
 * docs/import.md lists what is not the same.
 */
import { Hono } from 'hono'
import type { Engine } from '../../../engine/types.ts'
import type { AdminPermissions } from '../../../pap/permissions.ts'
import type { Administered } from '../../admin/context.ts'
import { defaultCallerEngine } from '../../api/access.ts'
import type { Api } from '../../operation/api.ts'
import { addDecisions } from './decisions.ts'
import { addLending } from './lending.ts'
import { addPolicies } from './policies.ts'
import { routesOn } from './route.ts'

export interface OpenGuardApiOptions {
  /** By name. Guards with `payers: 'each'` let every delegation that grants pay, as open-guard does. */
  readonly tenants: ReadonlyMap<string, Administered>
  readonly permissions: AdminPermissions
  /** Decides what callers may ask, and for whom: as `access` of the decision API. */
  readonly access?: Engine
}

/** The version whose answers these are. */
const VERSION = '0.12.5'

/**
 * For `createApp({ apis })`. Without `identify` there is none of it: open-guard does not know anonymous callers, either.
 *
 * @example createApp({ engines, identify, apis: [openGuardApi({ tenants, permissions })] })
 */
export function openGuardApi({ tenants, permissions, access }: OpenGuardApiOptions): Api {
  const usual = defaultCallerEngine()
  return {
    // What open-guard's own document describes.
    operations: [],
    routes: (options) => {
      const hono = new Hono()
      if (options.authenticate === undefined) return hono
      const add = routesOn(hono, options, { tenants, permissions, access: async () => access ?? usual() })
      addDecisions(add)
      addPolicies(add)
      addLending(add)
      add('GET', '/admin/health', async () => ({ body: { status: 'ok', version: VERSION } }))
      return hono
    },
  }
}
