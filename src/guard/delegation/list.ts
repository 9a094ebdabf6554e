/**
 * Listing delegations, in the order of their ids: a page is continued after an id, whatever has become of that delegation, or of
 * others, since it was listed.
 */
import type { KeptState } from '../../delegation/state.ts'
import { SallyportError } from '../../errors.ts'
import { compareCodePoints } from '../../store/code-points.ts'
import type { Row } from '../../store/port.ts'
import { fitsKey } from '../../store/values.ts'
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
  readonly after?: Pick<Delegation, 'id'>
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
  const page = await choose(query)(store, { limit, after: after?.id })
  const at = now()
  return { delegations: page.map((row) => delegationOf(readRecord(row), at)), more: page.length === limit }
}

interface Place {
  /** Only ids after this one; undefined: from the first. */
  readonly after: string | undefined
  readonly limit: number
}

type Find = (store: GuardEnvironment['store'], place: Place) => Promise<readonly Row<'delegations'>[]>

function choose({ grantee, grantor, parent }: DelegationQuery): Find {
  const given = [grantee, grantor, parent].filter((part) => part !== undefined)
  if (given.length !== 1) throw new SallyportError('E_USAGE', 'list by one of grantee, grantor and parent')
  if (grantee !== undefined) return inAnyState('grantee', subjectKey(grantee))
  if (grantor !== undefined) return inAnyState('grantor', subjectKey(grantor))
  return below(parent ?? '')
}

/** The index is in the order of ids. */
function below(parent: string): Find {
  return (store, { after, limit }) =>
    store.find('delegations', {
      by: 'by_parent',
      where: [{ column: 'parent', is: '=', value: parent }],
      limit,
      ...(after !== undefined && { after: { parent, id: after } }),
    })
}

/**
 * The indexes are in the order of states, and of ids within each. One after the other, as delegations change their states, and
 * `suspended` on both sides of `active`, as they come back from there: what changes once while this reads is found all the same.
 */
const STATES: readonly KeptState[] = ['proposed', 'suspended', 'active', 'suspended', 'declined', 'revoked']

function inAnyState(side: 'grantee' | 'grantor', key: string): Find {
  return async (store, { after, limit }) => {
    const found = new Map<string, Row<'delegations'>>()
    if (!fitsKey(key)) return []
    for (const state of STATES) {
      const rows = await store.find('delegations', {
        by: `by_${side}`,
        where: [
          { column: side, is: '=', value: key },
          { column: 'state', is: '=', value: state },
        ],
        limit,
        ...(after !== undefined && { after: { [side]: key, state, id: after } }),
      })
      for (const row of rows) found.set(row.id, row)
    }
    return [...found.values()].sort((a, b) => compareCodePoints(a.id, b.id)).slice(0, limit)
  }
}

/** Whether somebody holds any, in whatever state. */
export async function holdsAny({ store }: GuardEnvironment, grantee: SubjectRef): Promise<boolean> {
  const key = subjectKey(grantee)
  if (!fitsKey(key)) return false
  const where = [{ column: 'grantee', is: '=', value: key }] as const
  return (await store.find('delegations', { by: 'by_grantee', where, limit: 1 })).length > 0
}
