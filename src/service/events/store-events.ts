/** What others changed in the store: delegations that ended, approvals that are resolved. By whichever process. */
import { SallyportError } from '../../errors.ts'
import { Freshness } from '../../store/freshness.ts'
import type { ChangeEntry, TenantStore } from '../../store/port.ts'
import { tell } from '../../store/tell.ts'
import type { Timer } from '../../store/timer.ts'
import type { EventHub } from './hub.ts'

export interface StoreEventOptions {
  readonly hub: EventHub
  readonly store: TenantStore
  readonly timer: Timer
  /** How long it may take to hear of a change, in milliseconds; 2,000 when left out. */
  readonly bound?: number
  /** The store could not be read; it is tried again. */
  readonly onFault?: (error: unknown) => void
}

const endings: Readonly<Record<string, string>> = {
  revoked: 'sallyport.delegation.revoked.v1',
  suspended: 'sallyport.delegation.suspended.v1',
  declined: 'sallyport.delegation.declined.v1',
}
const resolved: readonly string[] = ['approved', 'rejected', 'withdrawn', 'expired']

/** Rows whose last state is remembered, so that a use of an approval is not taken for its resolution. */
const REMEMBERED = 10_000

/**
 * Tells the hub of changes from now on, until the signal is aborted. A change that was written and written over before it was heard of
 * is told as what it is now.
 */
export async function followStore(options: StoreEventOptions, signal: AbortSignal): Promise<void> {
  const { hub, store, timer, bound = 2000, onFault } = options
  const told = new Map<string, string>()
  let last: Promise<void> = Promise.resolve()
  let begun = false
  const freshness = new Freshness({
    store,
    timer,
    bound,
    forget: (what) => {
      if (what !== 'everything') {
        last = last.then(() => look(what, { hub, store, told })).catch((error) => tell(onFault, error))
      } else if (begun)
        hub.tell(store.tenant, 'sallyport.events.gap.v1', { reason: 'changes of the store were missed' })
      begun = true
    },
    ...(onFault && { onFault }),
  })
  signal.addEventListener('abort', () => freshness.stop(), { once: true })
  if (signal.aborted) throw new SallyportError('E_USAGE', 'the signal is aborted already')
  await freshness.run()
  await last
}

interface Looking {
  readonly hub: EventHub
  readonly store: TenantStore
  readonly told: Map<string, string>
}

async function look(entries: readonly ChangeEntry[], looking: Looking): Promise<void> {
  for (const { table, kind, key } of entries) {
    const id = String(key[0])
    if (kind === 'delete') continue
    if (table === 'delegations') await lookAtDelegation(id, looking)
    if (table === 'approvals') await lookAtApproval(id, looking)
  }
}

async function lookAtDelegation(id: string, looking: Looking): Promise<void> {
  const row = await looking.store.get('delegations', { id })
  const type = endings[row?.state ?? '']
  if (row === undefined || !isNews(`delegation ${id}`, row.state, looking) || type === undefined) return
  const { grantor, grantee, parent, state } = row
  looking.hub.tell(looking.store.tenant, type, { grantor, grantee, parent: parent || null, state }, id)
}

async function lookAtApproval(id: string, looking: Looking): Promise<void> {
  const row = await looking.store.get('approvals', { id })
  if (row === undefined || !isNews(`approval ${id}`, row.state, looking) || !resolved.includes(row.state)) return
  // Who has used it, was told of it before.
  if (row.uses > 0) return
  const { requester, state } = row
  looking.hub.tell(looking.store.tenant, 'sallyport.approval.resolved.v1', { requester, state }, id)
}

function isNews(key: string, state: string, { told }: Looking): boolean {
  const before = told.get(key)
  told.delete(key)
  told.set(key, state)
  for (const oldest of told.keys()) {
    if (told.size <= REMEMBERED) break
    told.delete(oldest)
  }
  return before !== state
}
