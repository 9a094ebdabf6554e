/** Callers that prove who they are by an access token of an authorization server (RFC 6750, RFC 9068). */
import { type AccessTokenExpected, accessTokens, claimedIssuer, type JWTPayload } from '../../identity/access-token.ts'
import { bearerToken, type IdentifyCaller, InvalidCredentials, UnknownIssuer } from './identify.ts'

export interface JwtCallerOptions extends AccessTokenExpected {
  /** Which tenants: those that the claim of this name lists or names, all, or these. A token without the claim has none. */
  readonly tenants: { readonly claim: string } | 'all' | readonly string[]
  /** The claim that names the caller; `sub` when left out. With several issuers, take care that their names differ. */
  readonly id?: string
  /** What kind of caller they are; `service` when left out. */
  readonly callerType?: string
  /** Claims that become attributes of their own names. `scope` is always there, as the list `scopes`. */
  readonly attributes?: readonly string[]
}

/**
 * Callers by `Authorization: Bearer` with a JSON Web Token. Tokens of another form are left to others, and with `anyOf` those of other issuers.
 *
 * @throws SallyportError `E_USAGE` for algorithms with shared keys, and without issuer or audience
 * @example jwtCallers({ issuer, audience, keys: remoteKeys({ url, fetch }), tenants: { claim: 'tenants' }, now: Date.now })
 */
export function jwtCallers(options: JwtCallerOptions): IdentifyCaller {
  const verify = accessTokens(options)
  const { id: name = 'sub', callerType, attributes = [] } = options
  const issuers: readonly unknown[] = [options.issuer].flat()
  return async (request) => {
    const token = bearerToken(request)
    if (token === undefined || !/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return undefined
    // Before it is verified: the keys of one issuer are not asked for because of another's token.
    if (!issuers.includes(claimedIssuer(token))) throw new UnknownIssuer('the token is of another issuer')
    const claims = await verify(token)
    const id = claims?.[name]
    if (claims === undefined || typeof id !== 'string' || id === '')
      throw new InvalidCredentials('the token does not hold')
    const known = attributes.filter((claim) => Object.hasOwn(claims, claim)).map((claim) => [claim, claims[claim]])
    return {
      id,
      tenants: tenantsIn(claims, options.tenants),
      attributes: { ...Object.fromEntries(known), scopes: scopesIn(claims) },
      proof: 'jwt',
      ...(callerType === undefined ? {} : { type: callerType }),
    }
  }
}

/** Only names: a claim that says `all`, or is of another type, grants nothing of the kind. */
function tenantsIn(claims: JWTPayload, tenants: JwtCallerOptions['tenants']): readonly string[] | 'all' {
  if (tenants === 'all' || !('claim' in tenants)) return tenants
  const value = Object.hasOwn(claims, tenants.claim) ? claims[tenants.claim] : undefined
  return namesIn([value].flat()).filter((name) => name !== '')
}

/** `scope` is names with spaces between them (RFC 6749, section 3.3); some servers send `scp`, a list. */
function scopesIn({ scope, scp }: JWTPayload): readonly string[] {
  if (typeof scope === 'string') return scope.split(' ').filter((name) => name !== '')
  return Array.isArray(scp) ? namesIn(scp) : []
}

function namesIn(values: readonly unknown[]): readonly string[] {
  return values.filter((value) => typeof value === 'string')
}
