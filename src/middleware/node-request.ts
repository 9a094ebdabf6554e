/** What Express and Fastify have in common: headers as Node reads them, parameters of the route. */
import { parametersIn } from './parameters.ts'
import type { Incoming } from './types.ts'

export interface NodeRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Fastify's are unknown to its types. */
  readonly params: unknown
}

export function incomingOf({ method, url, headers, params }: NodeRequest): Incoming {
  return {
    method,
    url,
    header: (name) => {
      const value = headers[name.toLowerCase()]
      return Array.isArray(value) ? value.join(', ') : value
    },
    ...parametersIn(params),
  }
}
