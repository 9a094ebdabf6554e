/** Relations that others know, in a PDP: an addition that changes where decisions get them from, and nothing of the API. */
import { decideByRelations } from '../../relation-source/decide.ts'
import type { RelationSettings } from '../../relation-source/port.ts'
import type { Profile } from '../decide.ts'
import { formatDecision } from '../decision.ts'

/**
 * Decides with relations from a source, for engines made with `tuples: 'elsewhere'`. The first of a PDP's profiles: others put
 * themselves around it.
 *
 * @example createApp({ engine, profiles: [relationsFrom({ source: openFgaSource({ url, store }) })] })
 */
export function relationsFrom(settings: RelationSettings): Profile {
  return {
    describe: () => ({}),
    capabilities: [],
    around:
      (_, { engine, now }) =>
      async (request) =>
        formatDecision(await decideByRelations(engine, settings, request, { now })),
  }
}
