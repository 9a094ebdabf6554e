/** Addresses that requests and credentials may be sent to: https anywhere, http only to this very machine. */
import { SallyportError } from '../errors.ts'

/** As written; a URL parser makes 127.0.0.1 of `2130706433`, `0x7f.1` and `127.1`, too. */
const LOOPBACK = /^http:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?(?:\/|$)/i

/** What is between the slashes and the path; the parser needs neither the slashes nor two of them. */
const AUTHORITY = /^[a-z]+:\/\/([^/?#]+)/i

/**
 * The address without slashes at its end.
 *
 * Plain http is for `localhost` and `127.0.0.1`, written so: not for names that only begin with them, user names before an @, trailing dots,
 * and other spellings of the number.
 *
 * @throws SallyportError `E_ADDRESS`; the message does not repeat the address, which may hold a secret.
 * @example checkAddress('https://pdp.example.com/') // 'https://pdp.example.com'
 */
export function checkAddress(text: string, what = 'the address of the PDP'): string {
  const refuse = (why: string): never => {
    throw new SallyportError('E_ADDRESS', `${what} ${why}`)
  }
  const trimmed = text.replace(/\/+$/, '')
  if (trimmed === '') refuse('is empty; write https://HOST/PATH')
  // Otherwise, the parser would leave out what only looks like nothing.
  if (/[\s\\]/.test(text) || hasControls(text)) refuse('holds spaces, control characters or backslashes')
  const [, authority] = AUTHORITY.exec(trimmed) ?? []
  if (authority === undefined || !URL.canParse(trimmed)) refuse('is no URL; write https://HOST/PATH')
  // By the text, since a parsed URL does not show empty ones: what is put behind such an address would become a query.
  if (authority?.includes('@')) refuse('holds a user name; pass credentials instead')
  if (/[?#]/.test(trimmed)) refuse('has a query or a fragment; leave them out')
  const url = new URL(trimmed)
  if (url.hostname.endsWith('.')) refuse('has a host with a dot at its end; leave it out')
  if (url.protocol === 'https:') return trimmed
  if (url.protocol !== 'http:' || !LOOPBACK.test(trimmed)) {
    refuse('must begin with https:// (http:// only for localhost and 127.0.0.1)')
  }
  return trimmed
}

function hasControls(text: string): boolean {
  return [...text].some((char) => char < ' ' || char === '\u007f')
}

/** Whether a checked address is on this machine and goes without TLS. */
export function isLoopback(address: string): boolean {
  return LOOPBACK.test(address)
}
