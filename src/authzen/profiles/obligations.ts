/**
 * AuthZEN's Obligations Profile 1.0 (openid/authzen, profiles/authzen-obligations-profile-1_0, draft of August 2026;
 * experimental): obligations in one form, declared in discovery, and negotiated per request.
 */

import type { Obligation } from '../../policy/document.ts'
import { isMap } from '../../text/is-map.ts'
import type { Decide, Profile } from '../decide.ts'
import type { WireDecision } from '../decision.ts'
import { bad, own } from '../json.ts'

export interface ObligationsOptions {
  /** The types that the policies may issue: `step-up`, `notification`, `session_termination`, `custom`, or others registered. */
  readonly supported: readonly string[]
}

/** An obligation in the form of the profile (section 3). */
export interface ProfiledObligation extends Obligation {
  /** Unique within one decision. */
  readonly id: string
  readonly type: string
  readonly properties: Obligation['properties'] & object
}

/**
 * Gives obligations the form of the profile: `id`, `type` (`custom` when a policy names none) and `properties`. A
 * request that declares in `context.supported_obligations` what its enforcement point can do is denied when an allow would
 * carry an obligation of another type; without the declaration obligations are sent as they are (section 7).
 *
 * @example createApp({ engine, profiles: [obligationsProfile({ supported: ['step-up', 'custom'] })] })
 */
export function obligationsProfile({ supported }: ObligationsOptions): Profile {
  const advertised = new Set(supported)
  return {
    describe: () => ({ supported_obligations: [...advertised] }),
    capabilities: [],
    around:
      (decide): Decide =>
      async (request) => {
        const declared = readDeclared(request.context, advertised)
        const answer = await decide(request)
        const { obligations, ...context } = answer.context ?? {}
        if (obligations === undefined) return answer
        const profiled = profile(obligations)
        const unable = profiled.find(({ type }) => declared !== undefined && !declared.has(type))
        if (answer.decision && unable !== undefined) return refuse(unable)
        return { ...answer, context: { ...context, obligations: profiled } }
      },
  }
}

/** What the enforcement point can do, of what we advertise; undefined when it does not say. */
function readDeclared(context: object | undefined, advertised: ReadonlySet<string>): ReadonlySet<string> | undefined {
  const declared = context === undefined ? undefined : own({ ...context }, 'supported_obligations')
  if (declared === undefined) return undefined
  if (!Array.isArray(declared) || !declared.every((type) => typeof type === 'string')) {
    throw bad('context.supported_obligations must be a list of types of obligations')
  }
  return new Set(declared.filter((type) => advertised.has(type)))
}

function refuse({ type }: ProfiledObligation): WireDecision {
  const reason = `an obligation of type ${type} would have to be met, which is not supported`
  return { decision: false, context: { code: 'unsupported_obligation', reason } }
}

function profile(obligations: readonly Obligation[]): ProfiledObligation[] {
  const seen = new Map<string, number>()
  return obligations.map(({ id, type, properties, ...rest }) => {
    const count = (seen.get(id) ?? 0) + 1
    seen.set(id, count)
    // Rules that decide together may have the same obligation; each instance needs an id of its own.
    const unique = count === 1 ? id : `${id}#${count}`
    const given = isMap(properties) ? properties : {}
    return { id: unique, type: typeof type === 'string' ? type : 'custom', properties: { ...rest, ...given } }
  })
}
