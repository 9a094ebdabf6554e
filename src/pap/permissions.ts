/**
 * Who may administer: decided by an engine of its own, over policies that no administrator of a tenant can change. So nobody
 * raises their own permissions by changing a tenant, and no policy of a tenant locks its administrators out.
 */
import { createEngine } from '../engine/index.ts'
import type { Engine, Properties } from '../engine/types.ts'
import type { PolicyInput } from '../policy/index.ts'
import type { AdminAction } from './actions.ts'
import { administrators } from './administrators.ts'

/** The caller, as far as it has proved who it is. */
export interface Administrator {
  readonly type: string
  readonly id: string
  /** `roles` among them: those of administration begin with `sallyport:`, as a token's may mean anything in any application. */
  readonly attributes: Properties
}

export interface AdminTarget {
  /** `policies`, `relations`, `entities`, `delegations`, `approvals`, `sessions`, `tasks`, `tenants`. */
  readonly type: string
  /** Of one thing, where it matters; left out: the tenant. */
  readonly id?: string
  /** Whether the change names whoever makes it: a tuple, an entity or a rule of their own. */
  readonly self?: boolean
}

export interface Permission {
  readonly allowed: boolean
  /** One line for people. */
  readonly reason: string
}

export interface AdminPermissions {
  ask(action: AdminAction, by: Administrator, tenant: string, target: AdminTarget, now: number): Permission
}

/**
 * @param policies instead of the built-in ones; the tenant in them is `default`
 * @throws PolicyError
 */
export async function createPermissions(policies: PolicyInput = administrators): Promise<AdminPermissions> {
  const engine = await createEngine({ policies })
  return { ask: (action, by, tenant, target, now) => ask(engine, action, by, tenant, target, now) }
}

function ask(
  engine: Engine,
  action: AdminAction,
  by: Administrator,
  tenant: string,
  { type, id, self = false }: AdminTarget,
  now: number,
): Permission {
  const { decision, reason } = engine.evaluate(
    {
      subject: { type: by.type, id: by.id, properties: by.attributes },
      action: { name: action },
      resource: { type, id: id ?? tenant, properties: { tenant, self } },
    },
    { now },
  )
  return { allowed: decision, reason }
}
