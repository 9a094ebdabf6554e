/** Addresses that requests and credentials may be sent to: https anywhere, http only to this very machine. */
import { SallyportError } from '../errors.ts'

/** As written; a URL parser makes 127.0.0.1 of `2130706433`, `0x7f.1` and `127.1`, too. */
const LOOPBACK = /^http:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?(?:[/?]|$)/i

/** What is between the slashes and the path; the parser needs neither the slashes nor two of them. */
const AUTHORITY = /^[a-z]+:\/\/([^/?#]+)/i

/**
 * The address of a base, without slashes at its end.
 *
 * Plain http is for `localhost` and `127.0.0.1`, written so: not for names that only begin with them, user names before an @, trailing dots,
 * and other spellings of the number.
 *
 * @throws SallyportError `E_ADDRESS`; the message does not repeat the address, which may hold a secret.
 * @example checkAddress('https://pdp.example.com/') // 'https://pdp.example.com'
 */
export function checkAddress(text: string, what = 'the address of the PDP'): string {
  const trimmed = checkEndpoint(text.replace(/\/+$/, ''), what)
  // By the text, since a parsed URL does not show empty ones: what is put behind such an address would become a query.
  if (trimmed.includes('?')) refuse(what, 'has a query; leave it out')
  return trimmed
}

/**
 * An address that requests go to as it is written, with its query and slashes.
 *
 * @throws SallyportError `E_ADDRESS` as `checkAddress` does.
 * @example checkEndpoint('https://pdp.example.com/eval/?v=1', 'the endpoint') // 'https://pdp.example.com/eval/?v=1'
 */
export function checkEndpoint(text: string, what: string): string {
  if (text === '') refuse(what, 'is empty; write https://HOST/PATH')
  // Otherwise, the parser would leave out what only looks like nothing.
  if (/[\s\\]/.test(text) || hasControls(text)) refuse(what, 'holds spaces, control characters or backslashes')
  const [, authority] = AUTHORITY.exec(text) ?? []
  if (authority === undefined || !URL.canParse(text)) refuse(what, 'is no URL; write https://HOST/PATH')
  // By the text, since a parsed URL does not show empty ones.
  if (authority?.includes('@')) refuse(what, 'holds a user name; pass credentials instead')
  if (text.includes('#')) refuse(what, 'has a fragment; leave it out')
  const url = new URL(text)
  if (url.hostname.endsWith('.')) refuse(what, 'has a host with a dot at its end; leave it out')
  if (url.protocol !== 'https:' && (url.protocol !== 'http:' || !LOOPBACK.test(text))) {
    refuse(what, 'must begin with https:// (http:// only for localhost and 127.0.0.1)')
  }
  return text
}

function refuse(what: string, why: string): never {
  throw new SallyportError('E_ADDRESS', `${what} ${why}`)
}

function hasControls(text: string): boolean {
  return [...text].some((char) => char < ' ' || char === '\u007f')
}

/** Whether a checked address is on this machine and goes without TLS. */
export function isLoopback(address: string): boolean {
  return LOOPBACK.test(address)
}
