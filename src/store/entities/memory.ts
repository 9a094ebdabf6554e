/** The embedded store: the entities that stand in the policies, read from the engine that holds them. */
import { type EntityKind, type EntityQuery, type EntitySource, pageOf } from './source.ts'

/** Whatever lists the ids of a type, ascending by code point; an engine does. */
export interface KnownEntities {
  entities(kind: EntityKind, type: string): readonly string[]
}

/**
 * An entity source over entities in memory. It holds no copy: after `engine.replacePolicies` it lists the new ones.
 *
 * @example await memorySource(engine).list({ kind: 'resource', type: 'record', limit: 100 }) // { ids: ['record-1', …], more: false }
 */
export function memorySource(known: KnownEntities): EntitySource {
  return {
    list: async ({ kind, type, after, limit }: EntityQuery) => pageOf(known.entities(kind, type), after, limit),
  }
}
