/** What one request may ask for. The AuthZEN specification asks a PDP to bound payloads, nesting and batches (section 11.7). */
export interface Limits {
  /** Objects and lists inside each other in a request body. */
  readonly depth: number
  /** Items in `evaluations`. */
  readonly evaluations: number
  /** Results in one search answer; also what a search without `page.limit` gets at most. */
  readonly page: number
  /** Candidates that one search request looks at before it answers with the page so far and a token to go on. */
  readonly scan: number
  /** Milliseconds of deciding for one request body; what is left over then is denied, or left to the next page. */
  readonly time: number
}

/** As deep as `evaluateJson` of the engine goes, too: assembly/abi/json.ts, BodyLimit. */
export const defaultLimits: Limits = { depth: 64, evaluations: 1000, page: 1000, scan: 50_000, time: 2000 }
