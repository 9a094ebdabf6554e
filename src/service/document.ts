/** Everything that this package can serve, as one OpenAPI document: for `sallyport openapi`, and for the types of the client. */
import { adminOperations } from './admin/api.ts'
import { decisionDescriptions } from './api/operations.ts'
import { describeService } from './openapi.ts'
import { servedAt } from './operation/openapi.ts'

/** @param base the URL of the service, without a slash at its end; empty: relative to the document */
export function serviceDocument(base = ''): { readonly [name: string]: unknown } {
  return servedAt(describeService([{ operations: decisionDescriptions }, { operations: adminOperations }]), base)
}
