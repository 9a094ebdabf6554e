/** What the service can do, as one OpenAPI document. */
import { ownDescriptions } from './descriptions.ts'
import { openApiDocument } from './operation/openapi.ts'
import type { Description } from './operation/operation.ts'

/** Of this package; a test compares. */
export const serviceVersion = '0.1.0'

/** The document of operations, and of what every service has, without its servers; `servedAt` adds them. */
export function describeService(operations: readonly Description[]): { readonly [name: string]: unknown } {
  return openApiDocument([...operations, ...ownDescriptions], {
    title: 'sallyport',
    version: serviceVersion,
    description: 'Decisions by policies: the AuthZEN Authorization API 1.0, and the APIs of the guard.',
  })
}
