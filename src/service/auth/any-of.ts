/** Several ways for callers to prove who they are. */
import { type IdentifyCaller, InvalidCredentials } from './identify.ts'

/**
 * Tries every way; the first that knows the caller, in the order given, says who it is. Credentials that one of them finds wrong
 * are refused, whatever the others say; so is an `Authorization` that none of them takes: a wrong token must not count as none.
 *
 * @example createApp({ engine, identify: anyOf(apiKeys({ keys, now }), jwtCallers({ … })) })
 */
export function anyOf(...ways: readonly IdentifyCaller[]): IdentifyCaller {
  return async (request, origin) => {
    const callers = (await Promise.all(ways.map(async (way) => way(request, origin)))).filter((found) => !!found)
    const [first] = callers
    // A certificate says nothing about the header; the others read it, or are the host's own.
    if (first !== undefined && request.headers.has('authorization') && callers.every(({ proof }) => proof === 'mtls')) {
      throw new InvalidCredentials('nobody takes what is in Authorization')
    }
    return first
  }
}
