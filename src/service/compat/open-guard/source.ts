/**
 * Policies and tuples that open-guard's administration changes: one source of its dialect among the tenant's policies. Each change is a
 * revision like any other, checked as a whole.
 */
import { SallyportError } from '../../../errors.ts'
import type { AdministeredTenant, PolicyChange } from '../../../pap/administered-tenant.ts'
import type { PolicyText } from '../../../pap/policy-text.ts'

export const SOURCE = 'open-guard.json'

export interface StoredPolicy {
  readonly id: string
  readonly evaluator_type: string
  readonly subject_match: Readonly<Record<string, unknown>>
  readonly action_match: string | readonly string[]
  readonly resource_match: Readonly<Record<string, unknown>>
  readonly conditions: Readonly<Record<string, unknown>>
  readonly effect: string
  readonly priority: number
}

export interface StoredTuple {
  readonly id: string
  readonly object_type: string
  readonly object_id: string
  readonly relation: string
  readonly subject_type: string
  readonly subject_id: string
  readonly subject_relation: string | null
}

/** What else it may hold (`role_hierarchy`, `type_definitions` …) is kept as it is. */
export interface StoredSource {
  readonly policies: readonly StoredPolicy[]
  readonly tuples: readonly StoredTuple[]
}

/** How often others may be faster before it is given up. */
const TRIES = 16

export async function readSource(tenant: AdministeredTenant): Promise<StoredSource> {
  return parse((await tenant.policies()).texts)
}

/**
 * @param edit gives what is to be kept, or undefined where there is nothing to do
 * @returns whether something was changed
 * @throws whatever `permit` of the terms does; PolicyError; SallyportError `E_POLICY_READ_ONLY`, `E_STORE_BUSY`
 */
export async function editSource(
  tenant: AdministeredTenant,
  terms: Required<Pick<PolicyChange, 'by' | 'note' | 'permit'>>,
  edit: (source: StoredSource) => StoredSource | undefined,
): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    const { texts, revision = 0 } = await tenant.policies()
    const edited = edit(parse(texts))
    if (edited === undefined) return false
    const source: PolicyText = { name: SOURCE, text: JSON.stringify(edited), dialect: 'open-guard' }
    const sources = [...texts.filter((text) => !isOurs(text)), source]
    try {
      await tenant.replace({ ...terms, sources, onto: revision })
      return true
    } catch (error) {
      if (!(error instanceof SallyportError && error.code === 'E_POLICY_CONFLICT')) throw error
    }
  }
  throw new SallyportError('E_STORE_BUSY', 'too many others change the policies at the same time; try again')
}

function isOurs({ name, dialect }: PolicyText): boolean {
  return name === SOURCE && dialect === 'open-guard'
}

function parse(texts: readonly PolicyText[]): StoredSource {
  const text = texts.find(isOurs)?.text
  // It was imported without mistakes when it was put in force, and was made here or written as JSON.
  const source = text === undefined ? {} : (JSON.parse(text) as Partial<StoredSource>)
  return { ...source, policies: source.policies ?? [], tuples: source.tuples ?? [] }
}
