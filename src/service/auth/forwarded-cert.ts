/** `X-Forwarded-Client-Cert`, as Envoy writes it: the certificates of clients, one element for each proxy on the way. */

/** The parts of one element that name a client. */
export type CertificatePart = 'URI' | 'Subject' | 'DNS' | 'Hash'

/**
 * A part of the last element, which is what the proxy before us says; those before it are what it was told. Undefined when it is not
 * formed as one, has no such part, or several: then it is not clear who is meant.
 *
 * @example readForwardedCert('By=spiffe://a/pdp;URI=spiffe://a/pep', 'URI') // 'spiffe://a/pep'
 */
export function readForwardedCert(header: string, part: CertificatePart): string | undefined {
  const element = split(header, ',')?.at(-1)
  const pairs = element === undefined ? undefined : split(element, ';')
  const found = (pairs ?? []).flatMap((pair) => {
    const at = pair.indexOf('=')
    return pair.slice(0, at).trim().toLowerCase() === part.toLowerCase() ? [unquote(pair.slice(at + 1))] : []
  })
  return found.length === 1 && found[0] !== '' ? found[0] : undefined
}

/** Parts between separators that stand outside of quotes; undefined when a quote is not closed. */
function split(text: string, separator: string): string[] | undefined {
  const parts = ['']
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? ''
    if (char === '"') quoted = !quoted
    const escaped = quoted && char === '\\'
    const piece = escaped ? char + (text[++i] ?? '') : char
    if (char === separator && !quoted) parts.push('')
    else parts.push((parts.pop() ?? '') + piece)
  }
  return quoted ? undefined : parts
}

function unquote(value: string): string {
  const text = value.trim()
  if (!text.startsWith('"') || !text.endsWith('"') || text.length < 2) return text
  return text.slice(1, -1).replace(/\\(.)/gs, '$1')
}
