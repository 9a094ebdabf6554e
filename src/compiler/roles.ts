import type { PolicyModel } from '../policy/model.ts'
import { Words } from './words.ts'

/**
 * Role closures: for each role all roles that holding it means, itself first; also those that no rule names, as approvers and sessions
 * may. Expects the role names to be the first strings of the image.
 */
export function encodeRoles(model: PolicyModel): Words {
  const names = [...model.roles.keys()]
  const ids = new Map(names.map((name, id) => [name, id]))
  const closures = names.map((name) => closure(model.roles, name))
  const words = new Words()
  words.push(names.length)
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
