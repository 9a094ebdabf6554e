/** Questions about relations (`sallyport/engine/relations`) for engines of `sallyport/edge`, which do not carry them. */
import { deciderOf } from '../image-decisions.ts'
import type { DecisionEngine } from '../types.ts'
import { EngineRelations } from './engine-relations.ts'
import type { Relations } from './types.ts'

/**
 * The tuples of an engine, and questions about them: what `engine.relations` is in an engine of `sallyport`.
 *
 * @throws SallyportError `E_USAGE` for an engine that is not one of this package's own.
 * @example relationsOf(engine).check({ subject: 'user:ann', relation: 'viewer', object: 'document:1' }).allowed
 */
export function relationsOf(engine: DecisionEngine): Relations {
  if (engine.relations instanceof EngineRelations) return engine.relations
  const find = () => deciderOf(engine).relations()
  // Now, and not at the first question, it is told what is wrong.
  find()
  return new EngineRelations(find, deciderOf(engine).elsewhere)
}
