/**
 * Policies of open-guard (open-guard-python 0.12.5) as a policy document that decides the same. docs/import.md tells how
 * each model is said in our words, and what has no words.
 */
import type { Diagnostic } from '../../diagnostic.ts'
import type { PolicyDocument, PolicySet } from '../../document.ts'
import { parsePolicies } from '../../index.ts'
import type { Node } from '../../node.ts'
import { readObject } from '../../object.ts'
import { Report } from '../../report.ts'
import { readText } from '../../text.ts'
import { meaningOf } from './models.ts'
import { readSource } from './read.ts'
import { Relations } from './relations.ts'
import { Roles } from './roles.ts'
import { noModel, routesOf } from './routes.ts'
import { approvalSet, type Read, setsOf } from './sets.ts'
import { type Model, models, type Source } from './source.ts'

export { type OpenGuardRequest, type OpenGuardSubject, openGuardRequest } from './request.ts'
export { type OpenGuardState, type OpenGuardTask, openGuardState } from './state.ts'

/**
 * What open-guard is given: a map with `policies` and, where there are any, `role_hierarchy`, `operation_chain`,
 * `type_definitions`, `tuples` and `tasks`; or the list of policies alone. As JSON or YAML, or as an object.
 */
export type OpenGuardSource = string | { readonly name: string; readonly text: string } | object

export interface OpenGuardImport {
  /** Undefined when there are errors. */
  readonly document: PolicyDocument | undefined
  /** Errors say what cannot be imported, warnings where open-guard means something that a reader may not expect. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Imports policies of one tenant.
 *
 * Every model becomes a set with the model's name and the algorithm `priority`; a policy becomes a rule with the policy's id.
 * Tasks are not policies: pass `openGuardState(tasks)` with the requests.
 *
 * @param options.tenant Which tenant's policies to take, where there are several.
 * @example
 * const { document } = importOpenGuard({ policies: [{ id: 'p', evaluator_type: 'rbac', action_match: 'read' }] })
 */
export function importOpenGuard(
  source: OpenGuardSource,
  options: { readonly tenant?: string | undefined } = {},
): OpenGuardImport {
  const report = new Report()
  const { name, nodes } = read(source, report)
  const [node, ...others] = nodes
  if (others[0] !== undefined) {
    report.error('E_IMPORT', others[0].at, 'there is more than one document', 'import one at a time')
  }
  const policies = node && readSource(node, options.tenant, report)
  const document = policies && makeDocument(policies, report)
  const diagnostics = report.sorted([name])
  if (document === undefined || report.failed) return { document: undefined, diagnostics }
  // What passes a limit of ours shows only when the document is read as any other.
  const { diagnostics: found } = parsePolicies(document)
  const errors = found.filter(({ severity }) => severity === 'error')
  return { document: errors.length > 0 ? undefined : document, diagnostics: [...diagnostics, ...errors] }
}

function read(source: OpenGuardSource, report: Report): { name: string; nodes: readonly Node[] } {
  const name = 'open-guard'
  if (typeof source === 'string') return { name, nodes: readText(name, source, report) }
  if ('name' in source && 'text' in source && typeof source.name === 'string' && typeof source.text === 'string') {
    return { name: source.name, nodes: readText(source.name, source.text, report) }
  }
  return { name, nodes: [readObject(name, source)] }
}

function makeDocument(source: Source, report: Report): PolicyDocument {
  const world = { roles: new Roles(source, report), relations: new Relations(source, report) }
  const byModel = new Map<Model, Read[]>(models.map((model) => [model, []]))
  for (const policy of source.policies) byModel.get(policy.model)?.push({ policy, meaning: meaningOf(policy, world) })
  const sets: Record<string, PolicySet> = {}
  const freeId = idsBeside(source)
  for (const [model, all] of byModel) if (all.length > 0) Object.assign(sets, setsOf(model, all, world.roles, freeId))
  const named = (model: Model) => [model, approvalSet(model)].filter((set) => Object.hasOwn(sets, set))
  const routes = routesOf(source.chain, named, report)
  if (routes.some((route) => route.sets.includes(noModel))) sets[noModel] = { rules: [] }
  const roles = world.roles.document()
  return {
    version: 1,
    ...(source.tenant !== undefined && { tenant: source.tenant }),
    ...(roles !== undefined && { roles }),
    // An actor may act for itself there.
    chain: { repeats: true },
    ...world.relations.document(),
    ...(Object.keys(sets).length > 0 ? { sets, combine: 'any' } : { rules: [] }),
    ...(routes.length > 0 && { routes }),
  }
}

function idsBeside({ policies }: Source): (wish: string) => string {
  const taken = new Set(policies.map(({ id }) => id))
  return (wish) => {
    let id = wish
    for (let n = 2; taken.has(id); n++) id = `${wish}-${n}`
    taken.add(id)
    return id
  }
}
