/**
 * Roles alone: ten roles, fifty resource types, eight actions; every role may do a part of the actions on every type. No
 * conditions, no denials. About as many rules as such a matrix has cells that are ticked.
 */
import type { Rule } from '../../src/policy/document.ts'
import { createRandom } from '../random.ts'
import { names, nouns, verbs } from './names.ts'
import { type BuildOptions, parseRequests, type Workload, type WorkloadFactory } from './workload.ts'

const roleCount = 10
const typeCount = 50
const actionCount = 8
/** Of the 4,000 cells of the matrix. */
const grants = 1000
const users = 2000

export const roles: WorkloadFactory = {
  name: 'roles',
  description: 'ten roles, fifty resource types, eight actions, 1,000 grants; no conditions',
  cases: () => [{ name: '1,000 grants', rules: grants }],
  build,
}

function build({ case: only, seed, requests = 8192 }: BuildOptions): Workload {
  const random = createRandom(seed)
  const roleNames = names(['role'], roleCount)
  const types = names(nouns, typeCount)
  const actions = names(verbs, actionCount)
  const cells = random.shuffle(Array.from({ length: roleCount * typeCount * actionCount }, (_, cell) => cell))
  const rules = cells.slice(0, grants).map((cell, number): Rule => {
    const action = actions[cell % actionCount]!
    const type = types[Math.floor(cell / actionCount) % typeCount]!
    const role = roleNames[Math.floor(cell / actionCount / typeCount)]!
    return { id: `grant-${number}`, allow: action, on: type, to: { role } }
  })
  const rolesOfUsers = Array.from({ length: users }, () => random.sample(roleNames, 1 + random.integer(3)))
  const texts = Array.from({ length: requests }, () => {
    const user = random.integer(users)
    const type = random.pick(types)
    return JSON.stringify({
      subject: { type: 'user', id: `user-${user}@example.com`, properties: { roles: rolesOfUsers[user] } },
      action: { name: random.pick(actions) },
      resource: { type, id: `${type}/${random.integer(1_000_000)}` },
    })
  })
  return {
    name: roles.name,
    case: only,
    seed,
    question: 'request',
    perCall: 1,
    document: {
      version: 1,
      tenant: 'bench',
      roles: Object.fromEntries(roleNames.map((role) => [role, []])),
      rules,
    },
    texts,
    requests: parseRequests(texts),
  }
}
