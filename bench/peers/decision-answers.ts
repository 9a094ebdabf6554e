/** The members of every engine that answers with a decision like ours. */
import type { Decision } from '../../src/engine/types.ts'
import type { Verdict } from './peer.ts'

export const decisionAnswers = {
  allowed: (output: Decision): number => (output.decision ? 1 : 0),
  verdict,
}

/** A copy in plain objects: two engines may keep their lists in different ways. */
function verdict({ decision, status, code, rules, obligations, advice }: Decision): Verdict {
  return { decision, details: JSON.parse(JSON.stringify({ status, code, rules, obligations, advice })) }
}
