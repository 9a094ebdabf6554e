/** Nodes → what open-guard would read from them. Mistakes are told with their places; what it ignores is a warning. */
import type { Entry, Node } from '../../node.ts'
import { defaultTenant } from '../../parse.ts'
import { quote, readList, readMap, readRecord, readStrings } from '../../read.ts'
import type { Report } from '../../report.ts'
import { readChain } from './read-chain.ts'
import { present, type ReadPolicy, readPolicy } from './read-policy.ts'
import type { Source } from './source.ts'

const sourceKeys = ['policies', 'role_hierarchy', 'operation_chain', 'type_definitions', 'tuples', 'tasks'] as const
/** Reads a document: a map with `policies`, or a list of policies. `tenant` chooses, where policies are of several. */
export function readSource(node: Node, tenant: string | undefined, report: Report): Source | undefined {
  const advice = 'write { policies: [...], role_hierarchy: { … }, … }'
  if (node.kind === 'list') return { ...empty, ...readPolicies(node, tenant, report) }
  const map = readRecord(node, report, 'the policies of open-guard', sourceKeys, { advice })
  if (map === undefined) return undefined
  const policies = map.entries.get('policies')
  if (policies === undefined) report.error('E_MISSING', map.at, 'there are no policies', advice)
  const tasks = present(map, 'tasks')
  if (tasks !== undefined) {
    report.warning('W_IMPORT', tasks.at, 'tasks are no policies', 'pass them with the requests: state.tasks by id')
  }
  return {
    ...empty,
    ...(policies && readPolicies(policies.value, tenant, report)),
    hierarchy: readHierarchy(present(map, 'role_hierarchy'), report),
    hierarchyAt: map.entries.get('role_hierarchy')?.at,
    chain: readChain(present(map, 'operation_chain'), report),
    types: present(map, 'type_definitions'),
    tuples: present(map, 'tuples'),
  }
}

const empty: Source = {
  tenant: undefined,
  policies: [],
  hierarchy: new Map(),
  hierarchyAt: undefined,
  chain: undefined,
  types: undefined,
  tuples: undefined,
}

function readPolicies(node: Node, wanted: string | undefined, report: Report): Pick<Source, 'tenant' | 'policies'> {
  const list = readList(node, report, '"policies"', 'write a list of policies')
  const byId = new Map<string, ReadPolicy>()
  for (const item of list?.items ?? []) {
    const read = readPolicy(item, report)
    if (read === undefined || (wanted !== undefined && (read.tenant ?? wanted) !== wanted)) continue
    const key = JSON.stringify([read.tenant, read.policy.id])
    if (byId.has(key)) {
      const { at, report: own } = read.policy
      own.warning('W_IMPORT', at, 'open-guard keeps the last of several policies of one id, and forgets the others')
    }
    byId.set(key, read)
  }
  const all = [...byId.values()]
  const tenants = [...new Set(all.map(({ tenant }) => tenant ?? wanted))]
  if (tenants.length > 1) {
    const names = tenants.map((name) => quote(name ?? defaultTenant)).join(', ')
    report.error('E_IMPORT', node.at, `the policies are of several tenants: ${names}`, 'choose one of them')
  }
  return { tenant: tenants[0] ?? wanted, policies: all.map(({ policy }) => policy) }
}

function readHierarchy(entry: Entry | undefined, report: Report): Map<string, readonly string[]> {
  const hierarchy = new Map<string, readonly string[]>()
  const map = entry && readMap(entry.value, report, '"role_hierarchy"', 'write { role: [inherited, …] }')
  for (const [role, { value }] of map?.entries ?? []) {
    hierarchy.set(role, readStrings(value, report, `the role ${quote(role)}`) ?? [])
  }
  return hierarchy
}
