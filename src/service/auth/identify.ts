/** Who asks: what a way of proving it is, and what it may answer. */
import type { Caller } from '../../authzen/decide.ts'

/** A caller as a way of identifying gives it; what is left out gets its usual value. */
export type IdentifiedCaller = Pick<Caller, 'id' | 'tenants'> & Partial<Caller>

/** Where a request came from, as far as the runtime tells. */
export interface Origin {
  /** The address at the other end of the connection: a client's, or a proxy's. */
  readonly peer: string | undefined
}

/**
 * Tells who sent a request; undefined when there are no credentials of its kind.
 *
 * @throws InvalidCredentials for credentials that are there and wrong: no other way is tried then, but after `UnknownIssuer`
 */
export type IdentifyCaller = (
  request: Request,
  origin: Origin,
) => IdentifiedCaller | undefined | Promise<IdentifiedCaller | undefined>

/** Credentials are there and wrong. Answered with 401; the message goes nowhere, so that it may say why. */
export class InvalidCredentials extends Error {
  override name = 'InvalidCredentials'
}

/** Credentials are of nobody whom this way trusts. They are wrong, unless another way of `anyOf` knows them. */
export class UnknownIssuer extends InvalidCredentials {
  override name = 'UnknownIssuer'
}

/** The token of `Authorization: Bearer` (RFC 6750, section 2.1), when there is one and nothing else. */
export function bearerToken(request: Request): string | undefined {
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
}
