/** Listing delegations. */
import { SallyportError } from '../../errors.ts'
import type { Guard, Row } from '../../store/port.ts'
import type { GuardEnvironment } from '../environment.ts'
import { type SubjectRef, subjectKey } from '../subject-key.ts'
import { type Delegation, delegationOf, readRecord } from './record.ts'

/** One of `grantee`, `grantor` and `parent`. */
export interface DelegationQuery {
  readonly grantee?: SubjectRef
  readonly grantor?: SubjectRef
  /** The id of a delegation that they rest on directly. */
  readonly parent?: string
  /** The last one of the page before. */
  readonly after?: Delegation
  /** 1 to 1000; 100 when left out. */
  readonly limit?: number
}

export interface DelegationPage {
  readonly delegations: readonly Delegation[]
  readonly more: boolean
}

export async function listDelegations(
  { store, now }: GuardEnvironment,
  query: DelegationQuery,
): Promise<DelegationPage> {
  const { limit = 100, after } = query
  const { by, column, value } = choose(query)
  const where: Guard<'delegations'>[] = [{ column, is: '=', value }]
  const last = after && (await store.get('delegations', { id: after.id }))
  const page = await store.find('delegations', { by, where, limit, ...(last !== undefined && { after: last }) })
  const at = now()
  return {
    delegations: page.map((row: Row<'delegations'>) => delegationOf(readRecord(row), at)),
    more: page.length === limit,
  }
}

function choose({ grantee, grantor, parent }: DelegationQuery) {
  const given = [grantee, grantor, parent].filter((part) => part !== undefined)
  if (given.length !== 1) throw new SallyportError('E_USAGE', 'list by one of grantee, grantor and parent')
  if (grantee !== undefined) return { by: 'by_grantee', column: 'grantee', value: subjectKey(grantee) } as const
  if (grantor !== undefined) return { by: 'by_grantor', column: 'grantor', value: subjectKey(grantor) } as const
  return { by: 'by_parent', column: 'parent', value: parent ?? '' } as const
}
