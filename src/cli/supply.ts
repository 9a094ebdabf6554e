/** Where `serve` has its engines from: policies, or a bundle. */
import type { Engine } from '../engine/types.ts'

export interface Supply {
  /** The engines in force, by tenant. The map stays the same one, since the service looks engines up in it. */
  readonly engines: ReadonlyMap<string, Engine>
  /** Says what is served, and what to try, with credentials where callers are asked for them. */
  report(url: string, authenticated: boolean): void
  /** What is followed while the service runs; undefined for nothing. */
  readonly followed: string | undefined
  /**
   * Starts to follow it.
   *
   * @param changed called when other policies are in force
   * @returns what ends that
   */
  follow(changed: () => Promise<void>): () => void
}
