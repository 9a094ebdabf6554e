/** A dry run: what `sallyport check --json` would say of policies, and whether they could be put in force in this tenant. */
import { compileModel } from '../compiler/index.ts'
import { type Diagnostic, PolicyError } from '../policy/diagnostic.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { type PolicySource, parsePolicies, prepareReading } from '../policy/index.ts'
import type { PolicyModel } from '../policy/model.ts'
import { type PolicySummary, summarize } from '../policy/summary.ts'
import { lockout } from './lockout.ts'
import { type PolicyText, readTexts } from './policy-text.ts'

export interface Check {
  /** Whether they could be put in force; warnings allowed. */
  readonly ok: boolean
  readonly diagnostics: readonly Diagnostic[]
  readonly summary: PolicySummary
}

export interface Checked extends Check {
  /** What to give to the engine. */
  readonly input: readonly PolicySource[]
  /** Undefined unless it is ok. */
  readonly model: PolicyModel | undefined
}

/** What messages call the entities that are kept beside the policies. */
const KEPT = 'kept entities'

/**
 * @param entities those that are kept beside the policies, as a document
 * @param how `again`: what was checked before, without what is only worth knowing once: warnings, and limits that compiling tells of
 */
export async function checkPolicies(
  texts: readonly PolicyText[],
  tenant: string,
  entities: PolicyDocument | undefined,
  how: 'first' | 'again' = 'first',
): Promise<Checked> {
  const read = readTexts(texts, tenant)
  const given = [...read.sources, ...(entities === undefined ? [] : [entities])]
  const input = given.length > 0 ? given : [emptyDocument(tenant)]
  await prepareReading(input)
  const parsed = parsePolicies(input, { analyse: how === 'first' })
  const last = `policies ${input.length}`
  const diagnostics = [
    ...read.diagnostics,
    ...parsed.diagnostics.map((one) => (entities !== undefined && one.place.file === last ? renamed(one) : one)),
  ]
  const model = parsed.tenants.get(tenant)
  const others = [...parsed.tenants.keys()].filter((name) => name !== tenant)
  if (others.length > 0) diagnostics.push(foreign(others, tenant))
  if (model !== undefined && how === 'first') diagnostics.push(...limitsPassed(model), ...lockout(model))
  const ok = !diagnostics.some(({ severity }) => severity === 'error')
  return {
    ok,
    diagnostics,
    summary: summarize(texts.length, parsed.tenants, diagnostics),
    input,
    model: ok ? model : undefined,
  }
}

/** Every request is denied by it. */
export function emptyDocument(tenant: string): PolicyDocument {
  return { version: 1, tenant, rules: [] }
}

/** A valid document may still pass a limit of the image. */
function limitsPassed(model: PolicyModel): readonly Diagnostic[] {
  try {
    compileModel(model)
    return []
  } catch (error) {
    if (error instanceof PolicyError) return error.diagnostics
    throw error
  }
}

/** They would be kept with this tenant's, and decide nothing. */
function foreign(names: readonly string[], tenant: string): Diagnostic {
  const found = `the policies are of ${names.map((name) => `tenant ${JSON.stringify(name)}`).join(', ')}`
  const message = `${found}; write tenant: ${JSON.stringify(tenant)} into every document`
  return {
    severity: 'error',
    code: 'E_TENANT',
    message,
    place: { file: 'policies', line: 0, column: 0, path: 'tenant' },
  }
}

function renamed(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, place: { ...diagnostic.place, file: KEPT } }
}
