/** What the service can do, as one OpenAPI document: AuthZEN and the APIs that it was given. */
import { authzenOperations } from './authzen-operations.ts'
import type { Api } from './operation/api.ts'
import { openApiDocument } from './operation/openapi.ts'

/** Of this package; a test compares. */
export const serviceVersion = '0.1.0'

/** The document without its servers; `servedAt` adds them. */
export function describeService(apis: readonly Pick<Api, 'operations'>[]): { readonly [name: string]: unknown } {
  const operations = [...authzenOperations, ...apis.flatMap((api) => api.operations)]
  return openApiDocument(operations, {
    title: 'sallyport',
    version: serviceVersion,
    description: 'Decisions by policies: the AuthZEN Authorization API 1.0, and the APIs of the guard.',
  })
}
