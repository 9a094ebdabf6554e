/** What every capability of the guard works with. The guard has no clock and no randomness of its own. */
import type { AccessRequest, Decision, Engine, EvaluateOptions } from '../engine/types.ts'
import { decideByRelations } from '../relation-source/decide.ts'
import type { RelationSettings } from '../relation-source/port.ts'
import type { RevocationView } from '../revocation/feed.ts'
import type { TenantStore } from '../store/port.ts'

export interface GuardEnvironment {
  readonly engine: Engine
  /** What the engine decides, with relations from their source where they lie elsewhere. */
  readonly decide: Decide
  /** Who knows relations that lie elsewhere. */
  readonly relations: RelationSettings | undefined
  readonly store: TenantStore
  /** What the fleet has heard of revocations, where it is to be asked besides the store. */
  readonly revocations: RevocationView | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** An id that nobody can guess: `dlg_9f86d081884c7d659a2feaa0c55ad015`. */
  readonly newId: (prefix: string) => string
}

/** A promise only where relations have to be asked for. */
export type Decide = (request: AccessRequest, options: EvaluateOptions) => Decision | Promise<Decision>

/** How requests are decided: by the engine alone, or with a source of relations. */
export function decideBy(engine: Engine, relations: RelationSettings | undefined): Decide {
  if (relations === undefined) return (request, options) => engine.evaluate(request, options)
  return (request, options) => decideByRelations(engine, relations, request, options)
}
