/** Exit codes; docs/cli.md explains them. */
import type { Status } from '../engine/types.ts'

export const exit = { ok: 0, failure: 1, usage: 2, deny: 3, review: 4 } as const

/** The exit code for decisions: the strictest of them counts. */
export function exitOf(statuses: readonly Status[]): number {
  if (statuses.includes('deny')) return exit.deny
  return statuses.includes('review') ? exit.review : exit.ok
}
