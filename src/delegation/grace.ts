/** How far the clocks of those who verify proofs may be apart from the issuer's, and what follows for what is revoked. */

/** The most that a verifier tolerates, in milliseconds: 5 minutes. */
export const MOST_TOLERANCE = 300_000

/**
 * How long a revocation stays listed after what was revoked would have ended, in milliseconds: a verifier takes a proof until its end and the
 * tolerance, by a clock that may be as much behind that of who makes the list.
 */
export const LISTED_AFTER_END = 2 * MOST_TOLERANCE
