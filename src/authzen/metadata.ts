/** The discovery document of a PDP (AuthZEN Authorization API 1.0, section 9). */
import type { Profile } from './decide.ts'
import type { Signer } from './signer.ts'

/** Inserted between the host and the path of the PDP's base URL. */
export const wellKnownPath = '/.well-known/authzen-configuration'

/** The default paths of section 10.1, below the base URL; and where the keys are. */
export const paths = {
  evaluation: '/access/v1/evaluation',
  evaluations: '/access/v1/evaluations',
  searchSubject: '/access/v1/search/subject',
  searchResource: '/access/v1/search/resource',
  searchAction: '/access/v1/search/action',
  keys: '/access/v1/jwks',
} as const

export interface Metadata {
  readonly policy_decision_point: string
  readonly access_evaluation_endpoint: string
  readonly access_evaluations_endpoint: string
  readonly search_subject_endpoint: string
  readonly search_resource_endpoint: string
  readonly search_action_endpoint: string
  /** URNs of AuthZEN's registry of capabilities; left out where there are none (section 9.2.2). */
  readonly capabilities?: readonly string[]
  readonly jwks_uri?: string
  /** The same as a signed token. */
  readonly signed_metadata?: string
  /** What profiles add. */
  readonly [name: string]: unknown
}

export interface PdpDescription {
  /** URNs that the host declares beside those of the profiles. */
  readonly capabilities?: readonly string[]
  readonly profiles?: readonly Profile[]
  readonly signer?: Signer | undefined
}

/**
 * The metadata of the PDP at a base URL, which has no query, no fragment and no slash at its end.
 *
 * @example describePdp('https://pdp.example.com').access_evaluation_endpoint // 'https://pdp.example.com/access/v1/evaluation'
 */
export function describePdp(base: string, { capabilities = [], profiles = [], signer }: PdpDescription = {}): Metadata {
  const declared = [...new Set([...capabilities, ...profiles.flatMap((profile) => profile.capabilities)])]
  return {
    policy_decision_point: base,
    access_evaluation_endpoint: base + paths.evaluation,
    access_evaluations_endpoint: base + paths.evaluations,
    search_subject_endpoint: base + paths.searchSubject,
    search_resource_endpoint: base + paths.searchResource,
    search_action_endpoint: base + paths.searchAction,
    ...Object.assign({}, ...profiles.map((profile) => profile.describe(base))),
    ...(signer === undefined ? {} : { jwks_uri: base + paths.keys }),
    ...(declared.length === 0 ? {} : { capabilities: declared }),
  }
}

/**
 * The metadata with `signed_metadata`: the same parameters as claims, and who vouches for them as `iss` (section 9.1.3).
 * `now` is in milliseconds since the epoch.
 */
export async function signMetadata(metadata: Metadata, signer: Signer, now: number): Promise<Metadata> {
  return { ...metadata, signed_metadata: await signer.sign(metadata, { type: 'JWT', now }) }
}
