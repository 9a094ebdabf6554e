/** What Express and Fastify have in common: headers as Node reads them, parameters of the route. */
import type { Incoming } from './types.ts'

export interface NodeRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Fastify's are unknown to its types. */
  readonly params: unknown
}

export function incomingOf({ method, url, headers, params }: NodeRequest): Incoming {
  const entries = typeof params === 'object' && params !== null ? Object.entries(params) : []
  return {
    method,
    url,
    header: (name) => {
      const value = headers[name.toLowerCase()]
      return Array.isArray(value) ? value.join(', ') : value
    },
    params: Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
  }
}
