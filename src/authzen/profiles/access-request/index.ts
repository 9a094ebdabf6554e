/**
 * AuthZEN's Access Request and Approval Profile 1.0 (openid/authzen, profiles/authzen-access-request-approval, draft of August
 * 2026; experimental): a review is a denial that can be requested; an approval turns the same request into an allow.
 */
import type { Profile } from '../../decide.ts'
import { requestEndpoints } from './endpoints.ts'
import { type AccessRequestOptions, type FilledOptions, requestsPath } from './options.ts'
import { reviewRequestable } from './reevaluation.ts'

export type * from './desk.ts'
export { type GuardDeskOptions, guardDesk } from './guard-desk.ts'
export { type MemoryDesk, type MemoryDeskOptions, memoryDesk } from './memory-desk.ts'
export type { AccessRequestOptions } from './options.ts'

/**
 * Makes reviews requestable, and takes the requests.
 *
 * - A review says so in `context.access_request`, with a signed token that binds a request to it.
 * - `POST /access/v1/requests` opens a task at the desk; `GET` below it tells its status, `POST …/cancel` ends it.
 * - The same evaluation with the task's approval in `context.approval` is an allow, as long as the policies still say
 *   review and the desk finds the approval good for exactly this. A denial stays a denial.
 *
 * Callbacks, bundles of items, forms and catalogs of the profile are not spoken: a request with one is refused.
 *
 * @example createApp({ engine, publicUrl, signer, identify, profiles: [accessRequestProfile({ desk, signer, newId })] })
 */
export function accessRequestProfile(options: AccessRequestOptions): Profile {
  const filled: FilledOptions = { denialLifetime: 600_000, volatile: ['time'], ...options }
  return {
    describe: (base) => ({ access_request_endpoint: base + requestsPath }),
    capabilities: ['urn:openid:authzen:capability:access-request'],
    around: (decide, point) => (point.purpose === 'search' ? decide : reviewRequestable(decide, point, filled)),
    endpoints: requestEndpoints(filled),
    needsCaller: true,
  }
}
