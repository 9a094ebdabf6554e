/** Parameters of a route, as frameworks give them. */
import type { Incoming } from './types.ts'

/** Texts and lists, apart from each other; what is neither is left out. */
export function parametersIn(given: unknown): Pick<Incoming, 'params' | 'lists'> {
  const params: [string, string][] = []
  const lists: [string, readonly string[]][] = []
  const entries = typeof given === 'object' && given !== null ? Object.entries(given) : []
  for (const [name, value] of entries) {
    if (typeof value === 'string') params.push([name, value])
    else if (Array.isArray(value)) lists.push([name, value.map(String)])
  }
  return { params: Object.fromEntries(params), lists: Object.fromEntries(lists) }
}
