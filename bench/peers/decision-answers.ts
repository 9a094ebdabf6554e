/** The members of every engine that answers with a decision like ours. */
import type { Details, Verdict } from './peer.ts'

interface Decided extends Details {
  readonly decision: boolean
}

export const decisionAnswers = {
  allowed: (output: Decided): number => (output.decision ? 1 : 0),
  verdict,
}

/** A copy in plain objects: two engines may keep their lists in different ways. */
function verdict({ decision, status, code, rules, obligations, advice }: Decided): Verdict {
  return { decision, details: JSON.parse(JSON.stringify({ status, code, rules, obligations, advice })) }
}
