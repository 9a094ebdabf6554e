/** Everything that this package can serve, as one OpenAPI document: for `sallyport openapi`, and for the types of the client. */
import { accessRequestEndpoints } from '../authzen/profiles/access-request/describe.ts'
import { adminOperations } from './admin/api.ts'
import { decisionDescriptions } from './api/operations.ts'
import { authzenOperations } from './authzen-operations.ts'
import { describeEndpoint, followEvents, readMetrics, signingKeys } from './descriptions.ts'
import { describeService } from './openapi.ts'
import { servedAt } from './operation/openapi.ts'
import type { Description } from './operation/operation.ts'

export const allOperations: readonly Description[] = [
  ...authzenOperations,
  signingKeys,
  ...accessRequestEndpoints.map(describeEndpoint),
  ...decisionDescriptions,
  ...adminOperations,
  followEvents,
  readMetrics,
]

/** @param base the URL of the service, without a slash at its end; empty: relative to the document */
export function serviceDocument(base = ''): { readonly [name: string]: unknown } {
  return servedAt(describeService(allOperations), base)
}
