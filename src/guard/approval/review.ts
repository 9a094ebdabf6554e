/** What becomes of a decision `review`: an allow that rests on approvals, or requests that wait for them. */
import type { AccessRequest, Decision } from '../../engine/types.ts'
import type { ApprovalModel } from '../../policy/approval-model.ts'
import type { Write } from '../../store/port.ts'
import { type ApprovalTools, approvalDigest, type Demanded, latestApproval, openApproval } from './open.ts'
import { type ApprovalRow, stateAt } from './record.ts'
import { redeem } from './redeem.ts'

export type Review =
  /** Every rule that asks for an approval has one; `claims` take one use of each, and have to be written before the answer is given. */
  | { readonly outcome: 'approved'; readonly rows: readonly ApprovalRow[]; readonly claims: readonly Write[] }
  /** `opened` are those that this call made. */
  | { readonly outcome: 'pending'; readonly rows: readonly ApprovalRow[]; readonly opened: readonly ApprovalRow[] }
  /** A rejection stands until the request would have expired. */
  | { readonly outcome: 'rejected'; readonly rows: readonly ApprovalRow[] }
  /** Rules that say nothing of approvers, or whose approvers are none. */
  | { readonly outcome: 'nobody'; readonly rules: readonly string[] }

/** What has to be approved: the request, by each of these rules or limits. */
export interface ReviewDemand {
  readonly request: AccessRequest
  readonly imageId: string
  readonly required: readonly (Omit<Demanded, 'approval'> & { readonly approval: ApprovalModel | undefined })[]
  /** What of the request is marked as not to be trusted. */
  readonly untrusted?: readonly string[] | undefined
  /** Only looks; opens no request. */
  readonly dryRun?: boolean | undefined
}

/** What a decision `review` asks for; `otherwise` says who approves where a rule says nothing of it. */
export function demandedBy(
  { rules, approvals = [] }: Pick<Decision, 'rules' | 'approvals'>,
  otherwise: ApprovalModel | undefined,
): ReviewDemand['required'] {
  const named = new Map(approvals.map(({ rule, approval }) => [rule, approval]))
  return rules.map((rule) => {
    const approval = named.get(rule)
    return approval === undefined ? { rule, approval: otherwise, host: 'otherwise' } : { rule, approval }
  })
}

export async function reviewApprovals(tools: ApprovalTools, demand: ReviewDemand): Promise<Review> {
  const { request, untrusted, imageId, required, dryRun } = demand
  const unnamed = required.filter(({ approval }) => approval === undefined)
  if (required.length === 0 || unnamed.length > 0) return { outcome: 'nobody', rules: unnamed.map(({ rule }) => rule) }
  const found = await Promise.all(
    required.map(async ({ approval, ...asking }) => {
      const subject = { request, untrusted, imageId, required: { ...asking, approval: approval! } }
      const digest = await approvalDigest(tools.store.tenant, subject)
      return { subject, digest, latest: await latestApproval(tools, digest) }
    }),
  )
  const now = tools.now()
  const standing = found.flatMap(({ latest }) => (latest === undefined ? [] : [latest]))
  const rejected = standing.filter((row) => stateAt(row, now) === 'rejected' && now < row.expires_at)
  if (rejected.length > 0) return { outcome: 'rejected', rows: rejected }
  const approved = standing.filter((row) => stateAt(row, now) === 'approved')
  if (approved.length === required.length) {
    return { outcome: 'approved', rows: approved, claims: approved.map((row) => redeem(row, now)) }
  }
  const rows: ApprovalRow[] = []
  const opened: ApprovalRow[] = []
  for (const { digest, subject, latest } of found) {
    const kept = latest !== undefined && (approved.includes(latest) || stateAt(latest, now) === 'pending')
    if (kept) rows.push(latest)
    if (kept || dryRun) continue
    const open = await openApproval(tools, digest, subject)
    if (open === undefined) return { outcome: 'nobody', rules: [subject.required.rule] }
    rows.push(open.row)
    if (open.isNew) opened.push(open.row)
  }
  return { outcome: 'pending', rows, opened }
}
