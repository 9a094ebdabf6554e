/** Several ways for callers to prove who they are. */
import { type IdentifyCaller, InvalidCredentials, UnknownIssuer } from './identify.ts'

/**
 * Tries every way; the first that knows the caller, in the order given, says who it is. Credentials that one of them finds wrong
 * are refused, whatever the others say; so is an `Authorization` that none of them takes: a wrong token must not count as none. A token
 * is wrong for the way that has its issuer: of several authorization servers, the others do not judge it.
 *
 * @example createApp({ engine, identify: anyOf(apiKeys({ keys, now }), jwtCallers({ … })) })
 */
export function anyOf(...ways: readonly IdentifyCaller[]): IdentifyCaller {
  return async (request, origin) => {
    const answers = await Promise.all(ways.map((way) => ask(way, request, origin)))
    const callers = answers.flatMap((found) => (!found || found instanceof UnknownIssuer ? [] : [found]))
    // A certificate says nothing about the header; the others read it, or are the host's own.
    if (callers.every(({ proof }) => proof === 'mtls')) {
      const unknown = answers.find((found) => found instanceof UnknownIssuer)
      if (unknown !== undefined) throw unknown
      if (callers.length > 0 && request.headers.has('authorization')) {
        throw new InvalidCredentials('nobody takes what is in Authorization')
      }
    }
    return callers[0]
  }
}

async function ask(...[way, request, origin]: [IdentifyCaller, ...Parameters<IdentifyCaller>]) {
  try {
    return await way(request, origin)
  } catch (error) {
    if (error instanceof UnknownIssuer) return error
    throw error
  }
}
