/** What a delegation says, for those who carry it elsewhere as a signed proof. */
import { LISTED_AFTER_END } from '../../delegation/grace.ts'
import type { Scope } from '../../delegation/scope.ts'
import type { Properties } from '../../engine/types.ts'
import { SallyportError } from '../../errors.ts'
import type { GuardEnvironment } from '../environment.ts'
import { type SubjectRef, subjectOf } from '../subject-key.ts'
import { isRevoked } from './grant.ts'
import { findRecord, inactiveIn, lastOf, limitsOfLine, lineOf } from './line.ts'
import { type DelegationRecord, NEVER, recordState } from './record.ts'

/** A grantor with the properties that its delegation carries. */
export interface StatedGrantor extends SubjectRef {
  readonly properties?: Properties
}

export interface DelegationStatement {
  readonly id: string
  readonly tenant: string
  /** All of the line, the root first: revoking any of them revokes this. */
  readonly line: readonly string[]
  /** Who lent each of the line, with the properties that it carries: all of them are judged. */
  readonly grantors: readonly StatedGrantor[]
  /** Whose right it is in the end: the first of them. */
  readonly root: StatedGrantor
  readonly grantor: SubjectRef
  readonly grantee: SubjectRef
  /** Those of each in the line: a request must be covered by every list. */
  readonly scopes: readonly (readonly Scope[])[]
  /** The first end of any in the line, leases included; undefined: none ends. */
  readonly expiresAt?: number
  readonly redelegate: number
  /** Uses or a budget of it are counted: only the store can tell whether any are left. */
  readonly metered: boolean
}

/**
 * @throws SallyportError `E_DELEGATION`; `E_DELEGATION_STATE` when it, or one that it rests on, is not active; `E_REVOCATION_STALE` where the fleet
 * is to be asked, and nothing was heard of it for too long
 */
export async function statementOf(environment: GuardEnvironment, id: string): Promise<DelegationStatement> {
  const line = await lineOf(environment, await findRecord(environment, id))
  const now = environment.now()
  const inactive = inactiveIn(line, now)
  if (inactive !== undefined) {
    throw new SallyportError('E_DELEGATION_STATE', `the delegation ${inactive.row.id} is ${recordState(inactive, now)}`)
  }
  // A proof outlives what a store that lags says.
  if (isRevoked(environment, line)) throw new SallyportError('E_DELEGATION_STATE', `the delegation ${id} is revoked`)
  const { row } = lastOf(line)
  const grantors = line.map(grantorIn)
  const expiresAt = Math.min(...line.flatMap((record) => [record.row.expires_at, record.row.lease_until]))
  return {
    id,
    tenant: environment.store.tenant,
    line: line.map((record) => record.row.id),
    grantors,
    root: grantors[0]!,
    grantor: subjectOf(row.grantor),
    grantee: subjectOf(row.grantee),
    scopes: line.map(({ scopes }) => scopes),
    ...(expiresAt !== NEVER && { expiresAt }),
    redelegate: limitsOfLine(line).redelegate,
    metered: line.some((record) => record.row.max_uses !== null || record.row.budget !== null),
  }
}

function grantorIn({ row, details: { grantor_properties: properties } }: DelegationRecord): StatedGrantor {
  return { ...subjectOf(row.grantor), ...(properties !== undefined && { properties }) }
}

/** The ids of revoked delegations that have not ended by themselves, or not long ago: what a revocation list says. */
export async function revokedIds({ store, now }: GuardEnvironment): Promise<string[]> {
  const ids: string[] = []
  const PAGE = 500
  for (let after: { kind: string; id: string } | undefined; ; ) {
    const page = await store.find('revocations', {
      where: [{ column: 'kind', is: '=', value: 'delegation' }],
      limit: PAGE,
      ...(after !== undefined && { after }),
    })
    ids.push(...page.filter((row) => row.expires_at > now() - LISTED_AFTER_END).map(({ id }) => id))
    const last = page[page.length - 1]
    if (page.length < PAGE || last === undefined) return ids
    after = { kind: last.kind, id: last.id }
  }
}
