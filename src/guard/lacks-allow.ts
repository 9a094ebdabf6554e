import type { ReasonCode } from '../engine/types.ts'

/**
 * Denials that say no more than that nothing allows. Others stand against the request: a rule that denies, a limit, a session that
 * is over; nothing that the guard knows outweighs them.
 */
export const LACKS_ALLOW: ReadonlySet<ReasonCode> = new Set<ReasonCode>(['no_match', 'set_abstained', 'no_policies'])
