/** What an operation of administration works with: the tenant, the caller, and the question whether it may. */
import type { Caller } from '../../authzen/decide.ts'
import type { SallyportError } from '../../errors.ts'
import type { Guard } from '../../guard/index.ts'
import type { AdminAction } from '../../pap/actions.ts'
import type { AdministeredTenant } from '../../pap/administered-tenant.ts'
import { type ChangeData, changeEvent, keep } from '../../pap/change-event.ts'
import type { Author, PapEnvironment } from '../../pap/environment.ts'
import type { AdminPermissions, AdminTarget } from '../../pap/permissions.ts'
import { ProblemError } from '../problem.ts'
import type { TenantHost } from './tenant-host.ts'

/** One tenant as administration sees it. */
export interface Administered {
  readonly tenant: AdministeredTenant
  readonly guard: Guard
  readonly environment: PapEnvironment
}

export interface AdminContext extends Administered {
  readonly caller: Caller
  /** The caller as an author of changes. */
  readonly author: Author
  readonly now: number
  /** Throws 403 when the caller may not do this to that. */
  readonly require: (action: AdminAction, target: AdminTarget) => void
  readonly host: TenantHost | undefined
}

/** @throws ProblemError 403 with why, in one line */
export function requirePermission(
  permissions: AdminPermissions,
  { id, type, attributes }: Caller,
  tenant: string,
  now: number,
): AdminContext['require'] {
  return (action, target) => {
    const { allowed, reason } = permissions.ask(action, { id, type, attributes }, tenant, target, now)
    if (!allowed) throw new ProblemError(403, 'E_FORBIDDEN', `${action} is not permitted to you here: ${reason}`)
  }
}

/**
 * Runs a change that other parts write, between two events: one before, without which nothing is changed, and one after.
 *
 * @throws whatever `change` throws
 */
export async function recorded<T>(
  { author, environment }: Pick<AdminContext, 'author' | 'environment'>,
  data: Omit<ChangeData, 'outcome'>,
  change: () => Promise<T>,
): Promise<T> {
  const tell = async (outcome: ChangeData['outcome'], code?: string): Promise<void> => {
    const event = changeEvent(environment, author, { ...data, outcome, ...(code !== undefined && { code }) })
    await environment.store.write([keep(event)])
  }
  await tell('begun')
  let result: T
  try {
    result = await change()
  } catch (error) {
    await tell('failed', (error as Partial<SallyportError>).code ?? 'E_INTERNAL')
    throw error
  }
  await tell('done')
  return result
}
