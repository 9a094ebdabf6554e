/** SpiceDB as a relation source, by its HTTP gateway (CheckBulkPermissions). https://buf.build/authzed/api */
import type { Properties } from '../engine/types.ts'
import type { AskedRelation, RelationSource, SourceScene } from '../relation-source/port.ts'
import { isMap } from '../text/is-map.ts'
import { answerFault, createPost, type HttpSourceOptions } from './http.ts'

/** How fresh answers are: https://authzed.com/docs/spicedb/concepts/consistency */
export type SpiceDbConsistency =
  | 'minimize_latency'
  | 'fully_consistent'
  /** Of the moment of a ZedToken, which writes and checks answer with, or later. */
  | { readonly atLeastAsFresh: string }

export interface SpiceDbOptions extends HttpSourceOptions {
  /** `minimize_latency` when left out. A function is called for each decision, such as for the token of the last write. */
  readonly consistency?: SpiceDbConsistency | (() => SpiceDbConsistency)
  /** What of the request's context is sent along, for caveats; all of it when left out. */
  readonly context?: (context: Properties) => Properties
}

const WHAT = 'SpiceDB'
/** The server refuses a batch whole when one of its texts is not of these forms. */
const ID = /^(?:[a-zA-Z0-9/_|\-=+]{1,1024}|\*)$/
const TYPE = /^(?:[a-z][a-z0-9_]{1,61}[a-z0-9]\/)*[a-z][a-z0-9_]{1,62}[a-z0-9]$/
const RELATION = /^[a-z][a-z0-9_]{1,62}[a-z0-9]$/

/**
 * SpiceDB, of which the policies name types, relations and permissions: they have the same schema. All answers for one decision are of
 * one moment.
 *
 * @throws SallyportError `E_ADDRESS`
 * @example spiceDbSource({ url: 'https://spicedb.example:8443', token: key, consistency: 'fully_consistent' })
 */
export function spiceDbSource(options: SpiceDbOptions): RelationSource {
  const { consistency = 'minimize_latency', context = (all) => all } = options
  const post = createPost(options, WHAT)
  return {
    async check(questions, scene) {
      const sent = scene.context === undefined ? undefined : context(scene.context)
      const items = questions.map((question) => itemOf(question, sent))
      const asked = items.filter((item) => item !== undefined)
      if (asked.length === 0) return { holds: items.map(() => 'unknown') }
      const body = { consistency: freshness(consistency, scene), items: asked }
      const { pairs, checkedAt } = await post('/v1/permissions/checkbulk', body)
      if (!Array.isArray(pairs) || pairs.length !== asked.length) throw answerFault(WHAT)
      const answers: readonly unknown[] = pairs
      let at = 0
      return {
        // In the order of the items.
        holds: items.map((item) => (item === undefined ? 'unknown' : holdsIn(answers[at++]))),
        ...(isMap(checkedAt) && typeof checkedAt.token === 'string' && { asOf: checkedAt.token }),
      }
    },
  }
}

function freshness(consistency: SpiceDbOptions['consistency'], { asOf }: SourceScene): object {
  if (asOf !== undefined) return { atExactSnapshot: { token: asOf } }
  const chosen = typeof consistency === 'function' ? consistency() : consistency
  if (chosen === 'fully_consistent') return { fullyConsistent: true }
  if (typeof chosen === 'object') return { atLeastAsFresh: { token: chosen.atLeastAsFresh } }
  return { minimizeLatency: true }
}

/** Undefined for texts that the server does not take: then it has no such relationship, and cannot tell either. */
function itemOf({ subject, relation, object }: AskedRelation, context: Properties | undefined) {
  const ids = ID.test(subject.id) && ID.test(object.id)
  const names = TYPE.test(subject.type) && TYPE.test(object.type)
  const relations = [relation, subject.relation ?? relation].every((name) => RELATION.test(name))
  if (!ids || !names || !relations) return undefined
  return {
    resource: { objectType: object.type, objectId: object.id },
    permission: relation,
    subject: {
      object: { objectType: subject.type, objectId: subject.id },
      ...(subject.relation !== undefined && { optionalRelation: subject.relation }),
    },
    ...(context !== undefined && { context }),
  }
}

/** A check that failed by itself, and one that lacks something of its caveat, are unknown. */
function holdsIn(pair: unknown): boolean | 'unknown' {
  if (!isMap(pair)) throw answerFault(WHAT)
  const { item } = pair
  if (!isMap(item)) return 'unknown'
  switch (item.permissionship) {
    case 'PERMISSIONSHIP_HAS_PERMISSION':
      return true
    case 'PERMISSIONSHIP_NO_PERMISSION':
      return false
    default:
      return 'unknown'
  }
}
