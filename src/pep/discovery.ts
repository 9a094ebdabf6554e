/** Where a PDP's endpoints are (AuthZEN Authorization API 1.0, section 9). */
import { type JsonObject, own } from '../authzen/json.ts'
import { describePdp, wellKnownPath } from '../authzen/metadata.ts'
import { checkAddress } from '../http/address.ts'
import { PdpError } from './error.ts'

const NAMES = [
  'access_evaluation_endpoint',
  'access_evaluations_endpoint',
  'search_subject_endpoint',
  'search_resource_endpoint',
  'search_action_endpoint',
] as const

export type EndpointName = (typeof NAMES)[number]

/** An endpoint that the PDP does not have is left out. */
export type Endpoints = { readonly [Name in EndpointName]?: string }

/** The address of the metadata: the well-known path goes between host and path (RFC 8615, RFC 8414 section 3.1). */
export function metadataAddress(pdp: string): string {
  const { origin, pathname } = new URL(pdp)
  return origin + wellKnownPath + (pathname === '/' ? '' : pathname)
}

/** Where the specification's default paths lead. */
export function defaultEndpoints(pdp: string): Endpoints {
  const metadata = describePdp(pdp)
  return Object.fromEntries(NAMES.map((name) => [name, metadata[name]]))
}

/**
 * The endpoints that metadata names.
 *
 * @throws PdpError `E_PDP_ANSWER` when it is about another PDP, which section 9.2.3 requires to refuse, or names no endpoint for
 * evaluations; `E_ADDRESS` for one that requests must not be sent to.
 */
export function readMetadata(body: JsonObject, pdp: string): Endpoints {
  if (own(body, 'policy_decision_point') !== pdp) {
    throw new PdpError('E_PDP_ANSWER', "the PDP's metadata is about another PDP than the one that was asked")
  }
  const found: { [Name in EndpointName]?: string } = {}
  for (const name of NAMES) {
    const value = own(body, name)
    if (typeof value === 'string') found[name] = checkAddress(value, `"${name}" of the PDP's metadata`)
  }
  if (found.access_evaluation_endpoint === undefined) {
    throw new PdpError('E_PDP_ANSWER', "the PDP's metadata names no access_evaluation_endpoint")
  }
  return found
}
