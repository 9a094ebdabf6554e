/** Approvals that options of the guard describe, in the words of policies. */
import { SallyportError } from '../../errors.ts'
import { readApproval } from '../../policy/approval.ts'
import type { ApprovalModel } from '../../policy/approval-model.ts'
import type { Approval } from '../../policy/document.ts'
import { readObject } from '../../policy/object.ts'
import { Report } from '../../policy/report.ts'

/**
 * Reads an approval as a rule has it. Whether the policies know its roles and relations shows when it is asked for.
 *
 * @throws SallyportError `E_USAGE` with every mistake
 */
export function approvalOf(approval: Approval, what: string): ApprovalModel {
  const report = new Report()
  const node = readObject(what, { approval })
  const names = { roles: [], relations: [], resourceTypes: [] }
  const model = node.kind === 'map' ? readApproval(node, 'review', names, report) : undefined
  if (model !== undefined && !report.failed) return model
  const messages = report.sorted([what]).map(({ message }) => message)
  throw new SallyportError('E_USAGE', `${what}: ${messages.join('; ')}`)
}
