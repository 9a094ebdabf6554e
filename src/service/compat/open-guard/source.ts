/**
 * Policies and tuples that open-guard's administration changes: one source of its dialect among the tenant's policies. Each change is a
 * revision like any other, checked as a whole.
 */
import { SallyportError } from '../../../errors.ts'
import type { AdministeredTenant, PolicyChange } from '../../../pap/administered-tenant.ts'
import type { PolicyText } from '../../../pap/policy-text.ts'
import { isMap } from '../../../text/is-map.ts'
import { Refusal } from './route.ts'

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

/** @throws Refusal for a text that is not written as here: made anew of what is understood of it, it would lose the rest */
function parse(texts: readonly PolicyText[]): StoredSource {
  const text = texts.find(isOurs)?.text
  const source = text === undefined ? {} : mapIn(text)
  const { policies = [], tuples } = source ?? {}
  if (source === undefined || !Array.isArray(policies) || !Array.isArray(tuples ?? [])) {
    const advice = 'PUT /admin/v1/policies can give it another name, or that form'
    throw new Refusal(409, 'conflict', `the source ${SOURCE} is not JSON of the form { "policies": [ … ] }: ${advice}`)
  }
  return { ...source, policies, tuples: (tuples ?? []) as readonly StoredTuple[] }
}

/** Sources of the dialect may also be YAML, or a list. */
function mapIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isMap(value) ? value : undefined
  } catch {
    return undefined
  }
}
