/** Making delegations: a grantor gives (push), or a grantee asks for one (pull). */
import { excessOf } from '../../delegation/containment.ts'
import { type Limits, limitExcess } from '../../delegation/limits.ts'
import { leaseEnd } from '../../delegation/state.ts'
import { SallyportError } from '../../errors.ts'
import type { Row } from '../../store/port.ts'
import { sameSubject, subjectKey } from '../subject-key.ts'
import { checkHolding } from './holding.ts'
import { findRecord, inactiveIn, type Line, lastOf, limitsOfLine, lineOf } from './line.ts'
import { once } from './once.ts'
import { permit } from './permission.ts'
import { type DelegationRecord, type Details, NEVER, readRecord, recordState } from './record.ts'
import { checkForm, type DelegationTerms, readLimits } from './terms.ts'
import type { DelegationTools } from './tools.ts'

export type Way = 'push' | 'pull'

/**
 * @throws SallyportError `E_USAGE`, `E_SCOPE`, `E_AMOUNT` for what is not well-formed; `E_DELEGATION` for an unknown parent;
 * `E_DELEGATION_STATE` for one that is not active; `E_DELEGATION_EXCEEDS` for what does not lie inside it; `E_DELEGATION_GRANTOR` for what
 * the grantor does not hold; `E_DELEGATION_FORBIDDEN`; `E_IDEMPOTENCY`
 */
export async function createDelegation(
  tools: DelegationTools,
  way: Way,
  terms: DelegationTerms,
): Promise<DelegationRecord> {
  checkForm(terms)
  tools.coverage.read(terms.scopes)
  return once(tools, way, terms, async () => {
    const { environment } = tools
    const above = terms.parent === undefined ? undefined : await lineAbove(tools, terms.parent)
    const limits = readLimits(terms, above && limitsOfLine(above))
    const row = draft(tools, { terms, limits, above })
    const own = sameSubject(terms.by, way === 'push' ? terms.grantor : terms.grantee)
    const about = { id: row.id, grantor: terms.grantor, grantee: terms.grantee, properties: factsOf(terms) }
    const asked = { action: 'delegate', by: terms.by, about, own, now: environment.now() } as const
    const permitted = await permit(environment.decide, asked)
    // Who asks for something does not say what the grantor is: that is told, and looked at, when it is accepted.
    if (way === 'pull' && terms.grantor.properties !== undefined) {
      throw new SallyportError(
        'E_USAGE',
        'a proposal has no properties of the grantor; the grantor brings them to accept',
      )
    }
    await checkTerms(tools, { ...terms, limits, above, holding: way === 'push' })
    // The grantor agrees first, where it is not the one who asks: `awaitedOf`.
    if (permitted === 'review') return awaiting(row, 'approver')
    return way === 'pull' ? awaiting(row, 'grantor') : row
  })
}

export interface TermsToCheck extends Pick<DelegationTerms, 'grantor' | 'scopes'> {
  readonly limits: Limits
  readonly above: Line | undefined
  /** Whether the grantor is asked for what it holds itself. */
  readonly holding: boolean
}

/** Whether what is to be lent lies inside its parent, or is held by the grantor itself. */
export async function checkTerms(
  { environment, coverage, attributes }: DelegationTools,
  { grantor, scopes, limits, above, holding }: TermsToCheck,
): Promise<void> {
  const read = coverage.read(scopes)
  const now = environment.now()
  if (limits.expiresAt !== undefined && limits.expiresAt <= now) {
    throw new SallyportError('E_USAGE', 'expiresAt is in the past')
  }
  if (above === undefined) {
    if (!holding) return
    const subject = await attributes.subject(grantor, grantor.properties)
    await checkHolding(environment, subject, read, { now })
    return
  }
  const parent = lastOf(above)
  if (parent.row.grantee !== subjectKey(grantor)) {
    const message = `the delegation ${parent.row.id} was not lent to ${grantor.type} ${JSON.stringify(grantor.id)}`
    throw new SallyportError('E_DELEGATION_GRANTOR', message)
  }
  const inactive = inactiveIn(above, now)
  if (inactive !== undefined) {
    throw new SallyportError('E_DELEGATION_STATE', `the delegation ${inactive.row.id} is ${recordState(inactive, now)}`)
  }
  const excess = limitExcess(limits, limitsOfLine(above))
  if (excess !== undefined) throw exceeds(excess)
  const found = excessOf(read, coverage.read(parent.scopes))
  if (found === undefined) return
  if (found.example === undefined)
    throw exceeds(`scopes[${found.scope}] is too intricate to be compared; use simpler patterns`)
  const { action, type, id } = found.example
  const [a, t, i] = [action, type, id].map((text) => JSON.stringify(text))
  throw exceeds(`scopes[${found.scope}] covers what the parent does not: ${a} on ${t} ${i}`)
}

async function lineAbove({ environment }: DelegationTools, parent: string): Promise<Line> {
  return lineOf(environment, await findRecord(environment, parent))
}

function exceeds(what: string): SallyportError {
  return new SallyportError('E_DELEGATION_EXCEEDS', what)
}

interface Draft {
  readonly terms: DelegationTerms
  readonly limits: Limits
  readonly above: Line | undefined
}

function draft({ environment }: DelegationTools, { terms, limits, above }: Draft): Row<'delegations'> {
  const id = environment.newId('dlg')
  const now = environment.now()
  const parent = above && lastOf(above)
  const { budget } = limits
  return {
    id,
    grantor: subjectKey(terms.grantor),
    grantee: subjectKey(terms.grantee),
    parent: parent?.row.id ?? '',
    root: parent?.row.root ?? id,
    depth: above?.length ?? 0,
    state: 'active',
    scope: JSON.stringify(terms.scopes),
    max_uses: limits.maxUses ?? null,
    uses: 0,
    budget: budget?.parts ?? null,
    spent: 0,
    reserved: 0,
    unit: budget?.unit ?? null,
    scale: budget?.scale ?? 0,
    lease_until: leaseEnd(now, terms.lease, limits.expiresAt) ?? NEVER,
    expires_at: limits.expiresAt ?? NEVER,
    created_at: now,
    document: JSON.stringify(detailsOf(terms, limits, above)),
  }
}

function detailsOf(terms: DelegationTerms, limits: Limits, above: Line | undefined): Details {
  const { lease, grantor, renewableBy = [], by } = terms
  return {
    ancestors: above?.map(({ row }) => row.id) ?? [],
    redelegate: limits.redelegate,
    ...(lease !== undefined && { lease }),
    renewable_by: renewableBy.map(subjectKey),
    created_by: subjectKey(by),
    ...(grantor.properties !== undefined && { grantor_properties: grantor.properties }),
  }
}

function awaiting(row: Row<'delegations'>, awaits: 'grantor' | 'approver'): Row<'delegations'> {
  const details: Details = { ...readRecord(row).details, awaits }
  return { ...row, state: 'proposed', document: JSON.stringify(details) }
}

/** What the policies can ask about what is to be lent. */
function factsOf({ scopes, parent, redelegate = 0, maxUses, budget, expiresAt }: DelegationTerms) {
  return {
    actions: scopes.flatMap(({ actions }) => actions),
    passed_on: parent !== undefined,
    redelegate,
    ...(maxUses !== undefined && { max_uses: maxUses }),
    ...(budget !== undefined && { budget: Number(budget.amount), unit: budget.unit }),
    ...(expiresAt !== undefined && { expires_at: Number(expiresAt) }),
  }
}
