/** Which delegations grant a request. */
import type { Coverage } from '../../delegation/coverage.ts'
import type { AccessRequest, Decision, EvaluateOptions, Subject } from '../../engine/types.ts'
import type { Row } from '../../store/port.ts'
import { fitsKey } from '../../store/values.ts'
import type { GuardEnvironment } from '../environment.ts'
import { LACKS_ALLOW } from '../lacks-allow.ts'
import { type SubjectRef, subjectKey, subjectOf } from '../subject-key.ts'
import { type Line, lastOf, lineOf } from './line.ts'
import { actsForOneOf } from './on-behalf.ts'
import { judgeGrantors } from './recheck.ts'
import { readRecord, recordState } from './record.ts'
import { withDelegation } from './request.ts'
import type { DelegationTools } from './tools.ts'

/** A delegation that grants. */
export interface Grant {
  readonly id: string
  /** Who lent to the subject. */
  readonly grantor: SubjectRef
  /** Whose right it is in the end: the grantor at the root. */
  readonly root: SubjectRef
  /** The ids of the line, the root first and the delegation itself last. */
  readonly line: readonly string[]
}

/** A grant, with what is needed to spend from it. */
export interface Found {
  readonly grant: Grant
  readonly line: Line
  /** The decision for the grantor at the root. */
  readonly held: Decision
  /** One of the line is exhausted: it grants nothing until something is given back. */
  readonly exhausted: boolean
}

/**
 * The most delegations that are charged for one use where each that grants pays, with all they rest on: two statements each, of the 200 of a write,
 * and room for limits and approvals.
 */
const MOST_CHARGED = 64

/** Whether one more can pay besides others. */
export function canJoin(others: readonly Found[], { line }: Found): boolean {
  const charged = new Set([...others.flatMap((other) => other.line), ...line].map(({ row }) => row.id))
  return charged.size <= MOST_CHARGED
}

/** As many as a store gives at once. */
const PAGE = 200

/**
 * The delegations that grant a request which the policies deny, the one to be used first at the front: those without limits
 * before those with, then those that end sooner, then the older.
 */
export async function* findGrants(
  tools: DelegationTools,
  request: AccessRequest,
  options: EvaluateOptions,
): AsyncGenerator<Found> {
  const { environment, coverage } = tools
  const now = environment.now()
  for (const row of await rowsFor(environment, request.subject, now)) {
    const record = readRecord(row)
    if (!(await coverage.covers(record.scopes, request, options))) continue
    const line = await lineOf(environment, record)
    if (isRevoked(environment, line)) continue
    const inactive = line.map((one) => recordState(one, now)).filter((state) => state !== 'active')
    if (inactive.some((state) => state !== 'exhausted') || !actsForOneOf(grantorsOf(line), request.subject)) continue
    if (!(await coversAll(coverage, line.slice(0, -1), request, options))) continue
    if (!(await permits(environment, line, request, options))) continue
    const held = await judgeGrantors(tools, line, request, options)
    if (held !== undefined) yield { grant: grantOf(line), line, held, exhausted: inactive.length > 0 }
  }
}

async function rowsFor({ store }: GuardEnvironment, subject: Subject, now: number): Promise<Row<'delegations'>[]> {
  const grantee = subjectKey(subject)
  // Nothing can have been lent to whom no store can name.
  if (!fitsKey(grantee)) return []
  const rows: Row<'delegations'>[] = []
  for (let after: Row<'delegations'> | undefined; ; after = rows[rows.length - 1]) {
    const page = await store.find('delegations', {
      by: 'by_grantee',
      where: [
        { column: 'grantee', is: '=', value: grantee },
        { column: 'state', is: '=', value: 'active' },
        { column: 'expires_at', is: '>', value: now },
      ],
      limit: PAGE,
      ...(after !== undefined && { after }),
    })
    rows.push(...page)
    if (page.length < PAGE) return rows.sort(byUse)
  }
}

function byUse(a: Row<'delegations'>, b: Row<'delegations'>): number {
  const limited = (row: Row<'delegations'>) => Number(row.max_uses !== null || row.budget !== null)
  return limited(a) - limited(b) || a.expires_at - b.expires_at || a.created_at - b.created_at || (a.id < b.id ? -1 : 1)
}

/**
 * Whether the fleet has heard of it before the store has.
 *
 * @throws SallyportError `E_REVOCATION_STALE`
 */
export function isRevoked({ revocations, store }: GuardEnvironment, line: Line): boolean {
  revocations?.check()
  return line.some(({ row }) => revocations?.has(store.tenant, 'delegation', row.id))
}

/** A delegation lends no more than each above it, whatever was proved when it was made. */
async function coversAll(
  coverage: Coverage,
  line: Line,
  request: AccessRequest,
  options: EvaluateOptions,
): Promise<boolean> {
  for (const { scopes } of line) if (!(await coverage.covers(scopes, request, options))) return false
  return true
}

/** Whether the policies, told of the delegation, say nothing against it. */
export async function permits(
  { decide }: GuardEnvironment,
  line: Line,
  request: AccessRequest,
  options: EvaluateOptions,
): Promise<boolean> {
  const { status, code } = await decide(withDelegation(request, line), options)
  return status === 'allow' || (status === 'deny' && LACKS_ALLOW.has(code))
}

function grantorsOf(line: Line): string[] {
  return line.map(({ row }) => row.grantor)
}

function grantOf(line: Line): Grant {
  const { row } = lastOf(line)
  return {
    id: row.id,
    grantor: subjectOf(row.grantor),
    root: subjectOf(line[0]!.row.grantor),
    line: line.map((record) => record.row.id),
  }
}
