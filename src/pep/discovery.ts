/** Where a PDP's endpoints are (AuthZEN Authorization API 1.0, section 9). */
import { type JsonObject, own } from '../authzen/json.ts'
import { describePdp, wellKnownPath } from '../authzen/metadata.ts'
import { SallyportError } from '../errors.ts'
import { checkAddress, checkEndpoint } from '../http/address.ts'
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

/** What is known of a PDP's endpoints. */
export interface Discovered {
  readonly endpoints: Endpoints
  /** Why others that its metadata names are not used. */
  readonly refused: { readonly [Name in EndpointName]?: SallyportError }
}

/**
 * The endpoints that metadata names, as they are written (section 10.1). One that requests must not be sent to is refused when it is
 * asked for; only without the one for evaluations there is no PDP.
 *
 * @param pdp The identifier as it was configured. Metadata may name it without the slashes at its end, too: so it is in the address of
 * the metadata.
 * @throws PdpError `E_PDP_ANSWER` when it is about another PDP, which section 9.2.3 requires to refuse, or names no endpoint for
 * evaluations; `E_ADDRESS` when requests must not be sent to that one.
 */
export function readMetadata(body: JsonObject, pdp: string): Discovered {
  const named = own(body, 'policy_decision_point')
  if (named !== pdp && named !== checkAddress(pdp)) {
    throw new PdpError('E_PDP_ANSWER', "the PDP's metadata is about another PDP than the one that was asked")
  }
  const endpoints: { [Name in EndpointName]?: string } = {}
  const refused: { [Name in EndpointName]?: SallyportError } = {}
  for (const name of NAMES) {
    const value = own(body, name)
    if (typeof value !== 'string') continue
    try {
      endpoints[name] = checkEndpoint(value, `"${name}" of the PDP's metadata`)
    } catch (error) {
      if (!(error instanceof SallyportError)) throw error
      refused[name] = error
    }
  }
  if (endpoints.access_evaluation_endpoint === undefined) {
    const none = new PdpError('E_PDP_ANSWER', "the PDP's metadata names no access_evaluation_endpoint")
    throw refused.access_evaluation_endpoint ?? none
  }
  return { endpoints, refused }
}
