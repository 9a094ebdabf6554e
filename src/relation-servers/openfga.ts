/** OpenFGA as a relation source, by its HTTP API (BatchCheck). https://openfga.dev/api/service */
import type { Properties } from '../engine/types.ts'
import type { AskedRelation, RelationSource } from '../relation-source/port.ts'
import { isMap } from '../text/is-map.ts'
import { formatSubject } from '../tuple/tuple.ts'
import { answerFault, createPost, type HttpSourceOptions } from './http.ts'

export interface OpenFgaOptions extends HttpSourceOptions {
  /** The id of the store. */
  readonly store: string
  /** The id of the model; left out: the latest one of the store. */
  readonly model?: string
  /** Whether caches may answer (`minimize_latency`, when left out), or every answer is of the latest tuples. */
  readonly consistency?: 'minimize_latency' | 'higher_consistency'
  /** The most checks of one call: what the server is set to; 50 when left out, as there. */
  readonly batch?: number
  /** What of the request's context is sent along, for conditions; all of it when left out. */
  readonly context?: (context: Properties) => Properties
}

const WHAT = 'OpenFGA'
/** The server refuses a batch whole when one of its texts is not of these forms. */
const OBJECT = /^[^\s]{2,256}$/
const USER = /^[^\s]{2,512}$/
const RELATION = /^[^:#@\s]{1,50}$/

/**
 * OpenFGA, of which the policies name types and relations: they have the same model.
 *
 * @throws SallyportError `E_ADDRESS`
 * @example openFgaSource({ url: 'https://fga.example', store: '01J…', token, consistency: 'higher_consistency' })
 */
export function openFgaSource(options: OpenFgaOptions): RelationSource {
  const { store, model, consistency = 'minimize_latency', batch = 50, context = (all) => all } = options
  const post = createPost(options, WHAT)
  const path = `/stores/${encodeURIComponent(store)}/batch-check`
  const settings = {
    consistency: consistency.toUpperCase(),
    ...(model !== undefined && { authorization_model_id: model }),
  }
  return {
    async check(questions, scene) {
      const sent = scene.context === undefined ? undefined : context(scene.context)
      const checks = questions.flatMap((question, index) => {
        const key = keyOf(question)
        if (key === undefined) return []
        return [{ tuple_key: key, correlation_id: `q${index}`, ...(sent !== undefined && { context: sent }) }]
      })
      const calls: Promise<Readonly<Record<string, unknown>>>[] = []
      for (let at = 0; at < checks.length; at += batch) {
        calls.push(post(path, { ...settings, checks: checks.slice(at, at + batch) }))
      }
      const results = new Map((await Promise.all(calls)).flatMap(resultsOf))
      return { holds: questions.map((_, index) => results.get(`q${index}`) ?? 'unknown') }
    },
  }
}

/** Undefined for texts that the server does not take: then it has no such tuple, and cannot tell either. */
function keyOf({ subject, relation, object }: AskedRelation) {
  const key = { user: formatSubject(subject), relation, object: formatSubject(object) }
  return USER.test(key.user) && RELATION.test(relation) && OBJECT.test(key.object) ? key : undefined
}

/** A check that failed by itself, as for a condition that lacks a parameter, has an `error` and is unknown. */
function resultsOf({ result }: Readonly<Record<string, unknown>>): [string, boolean | 'unknown'][] {
  if (!isMap(result)) throw answerFault(WHAT)
  return Object.entries(result).map(([id, one]) => {
    if (!isMap(one)) throw answerFault(WHAT)
    // A false one is left out of JSON, as Protocol Buffers have it.
    return [id, one.error !== undefined ? 'unknown' : one.allowed === true]
  })
}
