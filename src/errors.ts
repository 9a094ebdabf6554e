/**
 * Every error sallyport throws on purpose is a `SallyportError`: a stable `code` to branch on and one clear line to
 * read. The codes are part of the public interface; the texts are not.
 *
 * @example
 * try {
 *   engine.evaluate(request)
 * } catch (error) {
 *   if (error instanceof SallyportError && error.code === 'E_REQUEST') respond(400, error.message)
 * }
 */
export class SallyportError extends Error {
  override name = 'SallyportError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Whether it is what was asked that is wrong: over HTTP, 400. */
export function isRequestError({ code }: SallyportError): boolean {
  return code === 'E_REQUEST' || code === 'E_CHAIN_DEPTH'
}

/** What went wrong, by kind. A new kind of failure gets a new code; a code never changes its meaning. */
export type ErrorCode =
  /** The policies have mistakes; the error is a `PolicyError` and lists them with their places. */
  | 'E_POLICY'
  /** The request is not of the AuthZEN form: a part is missing or of the wrong type. */
  | 'E_REQUEST'
  /** The request's actor chain has more delegators than the policies permit. */
  | 'E_CHAIN_DEPTH'
  /** The image is truncated, damaged, foreign or of another version. */
  | 'E_IMAGE'
  /** The tenant asked for is not in the policies, or several are and none was chosen. */
  | 'E_TENANT'
  /** The platform lacks something sallyport needs (WebAssembly, WebCrypto), or other code has changed Object.prototype so that no request can be told from it. */
  | 'E_PLATFORM'
  /** A relation tuple is not formed as one, or the policies' relations do not allow it. */
  | 'E_TUPLE'
  /** The source of relations could not be reached, failed, or is left alone for a while. */
  | 'E_RELATION_SOURCE_UNAVAILABLE'
  /** The source of relations did not answer in time. */
  | 'E_RELATION_SOURCE_TIMEOUT'
  /** The source of relations does not take what it is asked, or answers something else. */
  | 'E_RELATION_SOURCE_REFUSED'
  /** A list or tree of relations would be larger than its bound. */
  | 'E_RELATION_LIMIT'
  /** The scopes of a delegation have mistakes. */
  | 'E_SCOPE'
  /** An amount is no decimal, too fine for its budget, too large, or of another unit. */
  | 'E_AMOUNT'
  /** There is no such delegation in this tenant. */
  | 'E_DELEGATION'
  /** A delegation does not lie inside its parent. */
  | 'E_DELEGATION_EXCEEDS'
  /** The grantor does not have what it would lend, or may not lend it. */
  | 'E_DELEGATION_GRANTOR'
  /** Whoever asks may not do this to this delegation. */
  | 'E_DELEGATION_FORBIDDEN'
  /** The delegation is in a state from which this is not possible. */
  | 'E_DELEGATION_STATE'
  /** There is no such reservation, or it is settled, or costs more than is left. */
  | 'E_RESERVATION'
  /** The idempotency key was used for another call. */
  | 'E_IDEMPOTENCY'
  /** There is no such approval request in this tenant. */
  | 'E_APPROVAL_UNKNOWN'
  /** Whoever votes is no approver, has asked for it, or acts on behalf of another; or may not withdraw it. */
  | 'E_APPROVAL_FORBIDDEN'
  /** The approval request is resolved, has expired, or is of other policies. */
  | 'E_APPROVAL_STATE'
  /** The approver has voted on this request. */
  | 'E_APPROVAL_VOTED'
  /** A webhook is not signed as it should be, or was refused by its receiver. */
  | 'E_WEBHOOK'
  /** There is no such session, or its roles are not held or must not be active together. */
  | 'E_SESSION'
  /** There is no such task in this tenant. */
  | 'E_TASK'
  /** The task is in a state from which this is not possible. */
  | 'E_TASK_STATE'
  /** The task is wider or lasts longer than the one around it, or lies too deep. */
  | 'E_TASK_EXCEEDS'
  /** A cursor is damaged, of another query or tenant, or of what has changed since. */
  | 'E_CURSOR'
  /** A proof or token is not formed as one, or a signature, issuer or audience in it is wrong. */
  | 'E_PROOF'
  /** A proof or token is over, or not yet to be used. */
  | 'E_PROOF_EXPIRED'
  /** A part of a proof does not lie inside the one before it. */
  | 'E_PROOF_EXCEEDS'
  /** A proof, or one that it was made from, is revoked. */
  | 'E_PROOF_REVOKED'
  /** The list of revocations is older than the verifier accepts. */
  | 'E_PROOF_STALE'
  /** Proofs are asked of a service that has no key to sign them with. */
  | 'E_PROOF_KEY'
  /** Whoever presents a proof has not shown that it is theirs. */
  | 'E_PROOF_HOLDER'
  /** An address is not one to send credentials to, or to take policies from. */
  | 'E_ADDRESS'
  /** The PDP could not be reached. */
  | 'E_PDP_CONNECTION'
  /** The PDP did not answer in time. */
  | 'E_PDP_TIMEOUT'
  /** The PDP answered with an HTTP status that is no success; `status` of the error has it. */
  | 'E_PDP_STATUS'
  /** What the PDP answered is not what AuthZEN says. */
  | 'E_PDP_ANSWER'
  /** The PDP failed so often that it is not asked for a while. */
  | 'E_PDP_OPEN'
  /** The authorization server gave no access token for the PDP. */
  | 'E_PDP_TOKEN'
  /** The service answered with a problem; `status` and `problem` of the error say which. */
  | 'E_SERVICE'
  /** The service could not be reached, or did not answer in time. */
  | 'E_SERVICE_CONNECTION'
  /** A bundle is damaged, not signed by a key that is trusted, or not of a form that this version reads. */
  | 'E_BUNDLE'
  /** A bundle is older than the one in force, or another one of the same revision. */
  | 'E_BUNDLE_ROLLBACK'
  /** Where bundles come from could not be read. */
  | 'E_BUNDLE_SOURCE'
  /** The policies are not those any more that a change was made for. */
  | 'E_POLICY_CONFLICT'
  /** There is no such revision of the policies. */
  | 'E_POLICY_REVISION'
  /** The policies are kept by the host, and not to be changed through administration. */
  | 'E_POLICY_READ_ONLY'
  /** A call's options do not fit together. */
  | 'E_USAGE'
  /** A statement or query for a store names what the schema does not have, or a value that its column cannot hold. */
  | 'E_STORE_STATEMENT'
  /** The database has no schema, an older or a newer one than this version of sallyport. */
  | 'E_STORE_SCHEMA'
  /** The store cannot be reached, was closed, or failed without saying what it did. Whether a write was applied is not known. */
  | 'E_STORE_UNAVAILABLE'
  /** The store did not answer in time. Whether a write was applied is not known. */
  | 'E_STORE_TIMEOUT'
  /** Too many others write to the store at the same time; nothing was applied. */
  | 'E_STORE_BUSY'
  /** The store takes no writes: a replica, a file without permission. Nothing was applied. */
  | 'E_STORE_READ_ONLY'
  /** The store has no room left; nothing was applied. */
  | 'E_STORE_FULL'
  /** What the store holds is damaged, or not a database of sallyport. */
  | 'E_STORE_CORRUPT'
  /** The store, or this process's knowledge of it, has not reached the revision that was asked for. */
  | 'E_STORE_STALE'
  /** The store refused a statement for another reason; `cause` is the driver's error. Nothing was applied. */
  | 'E_STORE'
  /** The keys of the issuer of a token could not be fetched; it is left alone for a while. */
  | 'E_ISSUER_UNAVAILABLE'
  /** The log by which revocations travel does not answer, or not as it should. Whether an entry was appended is not known. */
  | 'E_REVOCATION_LOG'
  /** What is revoked has not been heard for longer than its bound, or a part of it was lost. */
  | 'E_REVOCATION_STALE'
  /** A file or folder cannot be read or written. */
  | 'E_FILE'
  /** An access request cannot be taken, or its task is gone or over. */
  | 'E_ACCESS_REQUEST'
  /** A mapping of COAZ is none, or yields no valid request for an operation. */
  | 'E_MAPPING'
  /** The service cannot listen on the port: it is taken, or this user may not open it. */
  | 'E_PORT'
