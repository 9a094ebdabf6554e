import type { ApprovalModel } from '../policy/approval-model.ts'
import type { PolicyModel } from '../policy/model.ts'
import { Words } from './words.ts'

/**
 * Role closures: for each role all roles that holding it means, itself first. Only roles that some rule (also as approvers) or
 * separation names are kept in the closures, as no other can make a difference. Expects the role names to be the first strings of the image.
 */
export function encodeRoles(model: PolicyModel): Words {
  const names = [...model.roles.keys()]
  const ids = new Map(names.map((name, id) => [name, id]))
  const named = new Set(model.separations.flatMap((one) => one.roles))
  for (const { rules } of model.sets) {
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i]!
      for (let j = 0; j < rule.roles.length; j++) named.add(rule.roles[j]!)
      if (rule.approval !== undefined) for (const role of approverRoles(rule.approval)) named.add(role)
    }
  }
  const words = new Words()
  words.push(names.length)
  const closures = names.map((name) => closure(model.roles, name).filter((role) => named.has(role)))
  let start = 0
  words.push(start)
  for (const roles of closures) {
    start += roles.length
    words.push(start)
  }
  for (const roles of closures) for (const role of roles) words.push(ids.get(role) ?? 0)
  return words
}

function closure(roles: PolicyModel['roles'], role: string): string[] {
  const held = new Set([role])
  // A set grows while it is walked, so this visits what is inherited, too.
  for (const one of held) for (const inherited of roles.get(one) ?? []) held.add(inherited)
  return [...held]
}

function approverRoles({ stages, escalate }: ApprovalModel): string[] {
  const approvers = [...stages.flatMap(({ by }) => by), ...(escalate?.by ?? [])]
  return approvers.flatMap((approver) => (approver.kind === 'role' ? [approver.role] : []))
}
