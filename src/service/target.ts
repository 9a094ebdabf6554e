/** The request target as it came, before a URL is made of it. */

/**
 * Whether a path has dot segments, plain or encoded, or backslashes, which URLs take for slashes (WHATWG URL, section 4.4).
 * A URL resolves them silently: what a proxy let pass as `/tenants/acme/…` would be answered as another path. Clients that
 * make URLs never send them.
 *
 * @example isAmbiguousTarget('/tenants/acme/%2e%2e/other') // true
 */
export function isAmbiguousTarget(target: string): boolean {
  const path = target.replace(/[?#].*$/s, '')
  return path.includes('\\') || path.split('/').some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment))
}
