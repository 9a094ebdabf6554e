/** An audit log in memory whose entries are chained by SHA-256, as the AuditLogger of the Agent Governance Toolkit keeps them. */
import { hash as digest } from 'node:crypto'
import type { DecisionEvent, DecisionSink } from '../../src/guard/index.ts'

/**
 * How many entries are kept, ours and theirs: what is older goes, and the chain goes on from it. Few, because theirs copies all of them at
 * every call once they are full.
 */
export const entriesKept = 100

interface Entry {
  readonly event: DecisionEvent
  readonly previousHash: string
  readonly hash: string
}

/** A sink for the decision log; it sees events in order. */
export function auditChain(): DecisionSink {
  let entries: Entry[] = []
  let previousHash = '0'.repeat(64)
  return {
    write: async (events) => {
      for (const event of events) {
        const hash = digest('sha256', JSON.stringify({ event, previousHash }))
        entries.push({ event, previousHash, hash })
        previousHash = hash
      }
      if (entries.length >= 2 * entriesKept) entries = entries.slice(-entriesKept)
    },
  }
}
