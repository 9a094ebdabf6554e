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
  /** The platform lacks something sallyport needs (WebAssembly, WebCrypto). */
  | 'E_PLATFORM'
  /** A relation tuple is not formed as one, or the policies' relations do not allow it. */
  | 'E_TUPLE'
  /** A list or tree of relations would be larger than its bound. */
  | 'E_RELATION_LIMIT'
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
  /** A bundle is damaged, not signed by a key that is trusted, or not of a form that this version reads. */
  | 'E_BUNDLE'
  /** A bundle is older than the one in force, or another one of the same revision. */
  | 'E_BUNDLE_ROLLBACK'
  /** Where bundles come from could not be read. */
  | 'E_BUNDLE_SOURCE'
  /** A call's options do not fit together. */
  | 'E_USAGE'
  /** A file or folder cannot be read or written. */
  | 'E_FILE'
  /** An access request cannot be taken, or its task is gone or over. */
  | 'E_ACCESS_REQUEST'
  /** A mapping of COAZ is none, or yields no valid request for an operation. */
  | 'E_MAPPING'
  /** The service cannot listen on the port: it is taken, or this user may not open it. */
  | 'E_PORT'
