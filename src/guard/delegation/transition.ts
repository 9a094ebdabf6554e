/** Accepting, declining, renewing, suspending, resuming: one delegation changes its state, by somebody who may do that. */
import { leaseEnd, type Transition, transitions } from '../../delegation/state.ts'
import type { Properties, Subject } from '../../engine/types.ts'
import { SallyportError } from '../../errors.ts'
import type { Row, Write } from '../../store/port.ts'
import { subjectKey, subjectOf } from '../subject-key.ts'
import { checkTerms } from './create.ts'
import { endOf, findRecord, isGrantee, type Line, lastOf, levelIn, lineOf } from './line.ts'
import { permit } from './permission.ts'
import { awaitedOf, type DelegationRecord, type Details, limitsOf, NEVER, readRecord, recordState } from './record.ts'
import type { DelegationTools } from './tools.ts'

/** How often others may be faster before it is given up. */
const TRIES = 5

/** Who says that it may be done: the tenant's policies are asked; or an administrator does it, who was permitted before. */
export type Authority = 'policies' | 'administration'

/** Stands for a level in the line: whoever did it was permitted by policies, and is above all grantors. */
const ABOVE = -1

/**
 * @throws SallyportError `E_DELEGATION` when there is none of this id; `E_DELEGATION_FORBIDDEN`; `E_DELEGATION_STATE` when its state
 * does not permit it; `accept` also what `create` throws.
 */
export async function changeState(
  tools: DelegationTools,
  transition: Transition,
  id: string,
  by: Subject,
  authority: Authority = 'policies',
): Promise<DelegationRecord> {
  const { environment } = tools
  for (let tries = 0; tries < TRIES; tries++) {
    const record = await findRecord(environment, id)
    const line = await lineOf(environment, record)
    const level =
      authority === 'policies' ? await checkPermission(tools, transition, line, by) : administer(transition, line)
    const now = environment.now()
    const state = recordState(record, now)
    // Who revokes twice, revokes.
    if (transition === 'revoke' && state === 'revoked') return record
    if (!transitions[transition].from.includes(state)) {
      throw new SallyportError('E_DELEGATION_STATE', `the delegation ${id} is ${state}; it cannot ${transition}`)
    }
    if (transition === 'accept') await checkAgain(tools, line, by)
    const row = changed(record, transition, { by, at: now, level })
    if ((await environment.store.write(writesFor(line, row, transition))).applied) return readRecord(row)
  }
  throw new SallyportError('E_DELEGATION_STATE', `others change the delegation ${id} all the time; try again`)
}

/** Gives the place in the line of the grantor who does it; −1 where the policies permitted it. */
async function checkPermission(
  { environment }: DelegationTools,
  transition: Transition,
  line: Line,
  by: Subject,
): Promise<number> {
  const record = lastOf(line)
  const about = {
    id: record.row.id,
    grantor: subjectOf(record.row.grantor),
    grantee: subjectOf(record.row.grantee),
    properties: { depth: record.row.depth, renewable: record.details.renewable_by.length > 0 },
  }
  if (transition === 'accept') checkImpartial(record, by)
  const own = isOwn(transition, line, by)
  const asked = { action: `delegation:${transition}`, by, about, own, now: environment.now() } as const
  const how = await permit(environment.decide, asked)
  return own ? (levelIn(line, by) ?? line.length) : how === 'policy' ? ABOVE : line.length
}

/** Administrators take rights away, and give back what they or the policies took; never what a grantor has taken back. */
function administer(transition: Transition, line: Line): number {
  const { row, details } = lastOf(line)
  const gives = transition !== 'suspend' && transition !== 'revoke'
  if (gives && !(transition === 'resume' && details.ended?.level === ABOVE)) {
    const message = `the delegation ${row.id} was not suspended by an administrator; whoever did it can ${transition} it`
    throw new SallyportError('E_DELEGATION_FORBIDDEN', message)
  }
  return ABOVE
}

/** Nobody accepts what they asked for; and where there is a review, the grantor agrees first, and then no party to it approves. */
function checkImpartial(record: DelegationRecord, by: Subject): void {
  const { row, details } = record
  const key = subjectKey(by)
  const awaited = awaitedOf(record)
  if (awaited === 'grantor' && details.awaits === 'approver' && key !== row.grantor) {
    const message = `the delegation ${row.id} waits for its grantor to agree; then it can be approved`
    throw new SallyportError('E_DELEGATION_FORBIDDEN', message)
  }
  const parties = awaited === 'approver' ? [row.grantee, row.grantor, details.created_by] : [row.grantee]
  if (!parties.includes(key)) return
  const message = `${by.type} ${JSON.stringify(by.id)} is party to the delegation ${row.id}, which another one has to accept`
  throw new SallyportError('E_DELEGATION_FORBIDDEN', message)
}

/** What is somebody's to do where the policies say nothing. */
function isOwn(transition: Transition, line: Line, by: Subject): boolean {
  const record = lastOf(line)
  const { details, row } = record
  const key = subjectKey(by)
  const level = levelIn(line, by)
  switch (transition) {
    case 'accept':
      return awaitedOf(record) === 'grantor' && row.grantor === key
    case 'decline':
      return row.grantor === key || isGrantee(record, by)
    case 'renew':
      return row.grantor === key || details.renewable_by.includes(key)
    case 'suspend':
      return level !== undefined
    case 'resume':
      // Not by those below whoever suspended it.
      return level !== undefined && level <= (details.ended?.level ?? -1)
    case 'revoke':
      return level !== undefined || isGrantee(record, by)
  }
}

/** What held when it was asked for must hold when it is accepted. */
async function checkAgain(tools: DelegationTools, line: Line, by: Subject): Promise<void> {
  const record = lastOf(line)
  const above = line.length > 1 ? line.slice(0, -1) : undefined
  const properties = carriedAfter(record, 'accept', by)
  const grantor = { ...subjectOf(record.row.grantor), ...(properties !== undefined && { properties }) }
  const { scopes } = record
  await checkTerms(tools, { grantor, scopes, limits: limitsOf(record), above, holding: true })
}

/** A grantor who accepts brings its attributes. */
function carriedAfter({ row, details }: DelegationRecord, transition: Transition, by: Subject): Properties | undefined {
  const brings = transition === 'accept' && subjectKey(by) === row.grantor
  return (brings ? by.properties : undefined) ?? details.grantor_properties
}

interface Doing {
  readonly by: Subject
  readonly at: number
  /** The place in the line of the grantor who does it; −1: the policies permitted it. */
  readonly level: number
}

function changed(record: DelegationRecord, transition: Transition, { by, at, level }: Doing): Row<'delegations'> {
  const { row } = record
  const { details } = record
  const { ended: _, grantor_properties: __, ...rest } = details
  const carried = carriedAfter(record, transition, by)
  const ends = transition === 'suspend' || transition === 'revoke' || transition === 'decline'
  const document: Details = {
    ...rest,
    ...(carried !== undefined && { grantor_properties: carried }),
    ...(ends && { ended: { by: subjectKey(by), at, level } }),
  }
  // Under review: the grantor has agreed, and somebody has still to approve.
  if (transition === 'accept' && awaitedOf(record) !== details.awaits) {
    return { ...row, document: JSON.stringify({ ...document, agreed: true } satisfies Details) }
  }
  const starts = transition === 'accept' || transition === 'renew'
  const end = row.expires_at === NEVER ? undefined : row.expires_at
  const lease_until = starts ? (leaseEnd(at, document.lease, end) ?? NEVER) : row.lease_until
  return { ...row, state: transitions[transition].to, lease_until, document: JSON.stringify(document) }
}

function writesFor(line: Line, after: Row<'delegations'>, transition: Transition): Write[] {
  const before = lastOf(line)
  const { id } = before.row
  const update: Write = {
    update: 'delegations',
    key: { id },
    set: { state: after.state, lease_until: after.lease_until, document: after.document },
    when: [
      { column: 'state', is: '=', value: before.row.state },
      { column: 'document', is: '=', value: before.row.document },
    ],
  }
  if (transition !== 'revoke') return [update]
  const at = readRecord(after).details.ended?.at ?? before.row.created_at
  // Read by other processes before all other changes; and by those who verify proofs offline.
  const row = { kind: 'delegation', id, at, expires_at: endOf(line), document: '{}' }
  return [update, { insert: 'revocations', row, ifAbsent: true }]
}
