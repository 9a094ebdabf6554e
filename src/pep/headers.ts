/** Header fields that can be sent. */
import { SallyportError } from '../errors.ts'

/** Of a field's value (RFC 9110, section 5.5). `Headers` takes some control characters that are not sent. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/**
 * To be called before the PDP is asked: what `fetch` throws later is the same as for a PDP that cannot be reached.
 *
 * @throws SallyportError `E_USAGE`; the message does not repeat the value, which may be a secret.
 * @example checkHeader('X-Request-ID', requestId, 'the requestId')
 */
export function checkHeader(name: string, value: string, what: string): void {
  if (fits(name, value)) return
  throw new SallyportError(
    'E_USAGE',
    `${what} cannot be sent in a header field, which takes no line breaks, control characters or characters beyond Latin-1`,
  )
}

function fits(name: string, value: string): boolean {
  try {
    // Without the spaces and line breaks around it, as it is sent.
    return VALUE.test(new Headers([[name, value]]).get(name) ?? '')
  } catch {
    return false
  }
}
