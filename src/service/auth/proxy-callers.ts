/** Callers whose certificates a proxy in front has checked: it ends their TLS, and says in a header who they are. */
import { SallyportError } from '../../errors.ts'
import { equalBytes } from '../../http/equal.ts'
import { addressesIn } from '../../http/peers.ts'
import { type CertificatePart, readForwardedCert } from './forwarded-cert.ts'
import { type IdentifiedCaller, type IdentifyCaller, InvalidCredentials } from './identify.ts'

export interface ProxyCallerOptions {
  /**
   * How a request shows that it came through the proxy: by the address at the other end of the connection, by a header with a secret that
   * only the proxy knows, or both. Anybody can write the other headers.
   */
  readonly trust: {
    /** Addresses and ranges, such as `10.0.0.0/8`. */
    readonly peers?: readonly string[]
    /** 32 characters or more. */
    readonly secret?: { readonly header: string; readonly value: string }
  }
  /** A part of `X-Forwarded-Client-Cert`, or a header of another name that holds nothing but the name of the client. */
  readonly read: { readonly forwardedCert: CertificatePart } | { readonly header: string }
  /** A header that says whether the certificate was checked, and how it says so, such as nginx's `$ssl_client_verify`: `SUCCESS`. */
  readonly verified?: { readonly header: string; readonly value: string }
  /** Name in the certificate → caller; others are unknown. */
  readonly callers: ReadonlyMap<string, IdentifiedCaller> | ((name: string) => IdentifiedCaller | undefined)
}

/**
 * Callers by what a proxy says. The proxy must remove these headers from what clients send.
 *
 * @throws SallyportError `E_USAGE` when nothing would show that a request came through the proxy
 * @example
 * proxyCallers({ trust: { peers: ['10.0.0.5'] }, read: { forwardedCert: 'URI' }, callers: new Map([['spiffe://example/pep', pep]]) })
 */
export function proxyCallers(options: ProxyCallerOptions): IdentifyCaller {
  const { read, verified, callers } = options
  const isTrusted = trustOf(options.trust)
  const header = 'header' in read ? read.header : 'x-forwarded-client-cert'
  const find = typeof callers === 'function' ? callers : (name: string) => callers.get(name)
  return (request, { peer }) => {
    const text = request.headers.get(header)
    if (text === null) return undefined
    if (!isTrusted(request, peer)) throw new InvalidCredentials('it did not come through the proxy')
    if (verified !== undefined && request.headers.get(verified.header) !== verified.value) {
      throw new InvalidCredentials('the proxy has not checked the certificate')
    }
    const name = 'header' in read ? text : readForwardedCert(text, read.forwardedCert)
    const caller = name === undefined || name === '' ? undefined : find(name)
    if (caller === undefined) throw new InvalidCredentials('no caller of this name')
    return { ...caller, proof: 'mtls' }
  }
}

function trustOf({
  peers,
  secret,
}: ProxyCallerOptions['trust']): (request: Request, peer: string | undefined) => boolean {
  if ((peers === undefined || peers.length === 0) && secret === undefined) {
    throw new SallyportError(
      'E_USAGE',
      'headers of a proxy are believed by its address or a secret: give peers or secret',
    )
  }
  if (secret !== undefined && secret.value.length < 32) {
    throw new SallyportError('E_USAGE', 'the secret of a proxy is 32 characters or more')
  }
  const isPeer = peers === undefined ? () => true : addressesIn(peers)
  const bytes = (text: string) => new TextEncoder().encode(text)
  const expected = secret && bytes(secret.value)
  return (request, peer) => {
    const given = secret && bytes(request.headers.get(secret.header) ?? '')
    const knows = expected === undefined || given === undefined || equalBytes(given, expected)
    // The host may not tell where a request came from; then it came from nowhere that is listed.
    return knows && (peers === undefined || (peer !== undefined && isPeer(peer)))
  }
}
