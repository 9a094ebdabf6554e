/** The secret of page tokens: the host's, or one of our own. */
import { createPageTokens, type PageTokens } from '../authzen/page-token.ts'

/** @throws SallyportError `E_USAGE` when a secret is given that is shorter than 32 bytes. */
export function pageTokens(secret: string | Uint8Array | undefined): PageTokens {
  if (secret !== undefined) {
    return createPageTokens(typeof secret === 'string' ? new TextEncoder().encode(secret) : secret)
  }
  let random: PageTokens | undefined
  // Not before the first search: Workers refuse randomness outside of requests.
  const tokens = () => {
    random ??= createPageTokens(crypto.getRandomValues(new Uint8Array(32)))
    return random
  }
  return { seal: (query, at) => tokens().seal(query, at), open: (query, token) => tokens().open(query, token) }
}
