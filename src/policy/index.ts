/** Policies in, models out: parsing, checking and merging, with every mistake told at once. */
import { SallyportError } from '../errors.ts'
import { analyseModel } from './analysis/index.ts'
import { type Diagnostic, PolicyError } from './diagnostic.ts'
import { emptyModel, mergeDocuments } from './merge.ts'
import type { PolicyModel } from './model.ts'
import { SourceInfo } from './node.ts'
import { defaultTenant, type ParsedDocument, readDocument } from './parse.ts'
import { Report } from './report.ts'
import { type PolicyInput, readSources } from './source.ts'

export { type DiagnosticCode, diagnosticCodes } from './codes.ts'
export { type ActionOf, definePolicies, type Policies, type ResourceTypeOf, type RoleOf } from './define.ts'
export { type Diagnostic, formatDiagnostic, PolicyError } from './diagnostic.ts'
export { prepareReading } from './relations/openfga-reader.ts'
export type { PolicyInput, PolicySource } from './source.ts'

export interface ParsedPolicies {
  /** By name, in the order in which they first occur. Empty when any diagnostic is an error. */
  readonly tenants: ReadonlyMap<string, PolicyModel>
  /** Errors and warnings, in the order of the sources and of the lines in them. */
  readonly diagnostics: readonly Diagnostic[]
}

export interface ParseOptions {
  /**
   * Whether rules that never apply or never matter are looked for, among valid policies; true when left out. It takes
   * about as long as parsing.
   */
  readonly analyse?: boolean
}

/**
 * Parses and checks policies. Mistakes in them do not throw: they are all in `diagnostics`.
 *
 * @example
 * const { tenants, diagnostics } = parsePolicies({ name: 'records.yaml', text: 'version: 1' })
 * for (const diagnostic of diagnostics) console.error(formatDiagnostic(diagnostic))
 */
export function parsePolicies(input: PolicyInput, { analyse = true }: ParseOptions = {}): ParsedPolicies {
  const report = new Report()
  const { documents, names } = readSources(input, report)
  const byTenant = new Map<string, ParsedDocument[]>()
  for (const node of documents) {
    const document = readDocument(node, report, documents.length === 1)
    if (document === undefined) continue
    const same = byTenant.get(document.tenant)
    if (same === undefined) byTenant.set(document.tenant, [document])
    else same.push(document)
  }
  const tenants = new Map<string, PolicyModel>()
  if (names.length === 0) {
    // No policies at all are no mistake, only a tenant whose every request is denied.
    tenants.set(defaultTenant, emptyModel(defaultTenant))
    const at = { source: new SourceInfo('policies'), offset: 0, parent: undefined, key: '' }
    report.warning('W_NO_RULES', at, 'there are no policies', 'every request will be denied')
  }
  for (const [tenant, parts] of byTenant) tenants.set(tenant, mergeDocuments(tenant, parts, report))
  if (analyse && !report.failed) {
    for (const model of tenants.values()) for (const finding of analyseModel(model)) report.finding(finding)
  }
  return { tenants: report.failed ? new Map() : tenants, diagnostics: report.sorted(names) }
}

/**
 * The model of one tenant.
 *
 * @param tenant Which one; may be left out when the policies have only one.
 * @param onWarning Is told of every warning about valid policies. Without it, the policies are not analysed.
 * @throws PolicyError `E_POLICY` with every mistake in the policies.
 * @throws SallyportError `E_TENANT` when the policies have no such tenant, or several and none is chosen.
 * @example loadModel('version: 1\nrules: [{ id: all, allow: read }]').tenant // 'default'
 */
export function loadModel(input: PolicyInput, tenant?: string, onWarning?: (warning: Diagnostic) => void): PolicyModel {
  const { tenants, diagnostics } = parsePolicies(input, { analyse: onWarning !== undefined })
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error')
  if (errors.length > 0) throw new PolicyError(errors)
  const names = [...tenants.keys()].map((name) => JSON.stringify(name)).join(', ')
  if (tenant === undefined && tenants.size > 1) {
    throw new SallyportError('E_TENANT', `the policies have several tenants, choose one of ${names}`)
  }
  const model = tenant === undefined ? tenants.values().next().value : tenants.get(tenant)
  if (model === undefined) {
    throw new SallyportError('E_TENANT', `the policies have no tenant ${JSON.stringify(tenant)}, only ${names}`)
  }
  if (onWarning !== undefined) for (const warning of diagnostics) onWarning(warning)
  return model
}
