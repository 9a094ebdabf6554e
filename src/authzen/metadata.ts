/** The discovery document of a PDP (AuthZEN Authorization API 1.0, section 9). */

/** Inserted between the host and the path of the PDP's base URL. */
export const wellKnownPath = '/.well-known/authzen-configuration'

/** The default paths of section 10.1, below the base URL. */
export const paths = {
  evaluation: '/access/v1/evaluation',
  evaluations: '/access/v1/evaluations',
  searchSubject: '/access/v1/search/subject',
  searchResource: '/access/v1/search/resource',
  searchAction: '/access/v1/search/action',
} as const

export interface Metadata {
  readonly policy_decision_point: string
  readonly access_evaluation_endpoint: string
  readonly access_evaluations_endpoint: string
  readonly search_subject_endpoint: string
  readonly search_resource_endpoint: string
  readonly search_action_endpoint: string
}

/**
 * The metadata of the PDP at a base URL, which has no query, no fragment and no slash at its end.
 *
 * @example describePdp('https://pdp.example.com').access_evaluation_endpoint // 'https://pdp.example.com/access/v1/evaluation'
 */
export function describePdp(base: string): Metadata {
  return {
    policy_decision_point: base,
    access_evaluation_endpoint: base + paths.evaluation,
    access_evaluations_endpoint: base + paths.evaluations,
    search_subject_endpoint: base + paths.searchSubject,
    search_resource_endpoint: base + paths.searchResource,
    search_action_endpoint: base + paths.searchAction,
  }
}
