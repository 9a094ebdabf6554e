/** An engine whose policies may become too old to decide by. */
import type {
  AccessRequest,
  BytesOptions,
  Decision,
  DecisionEngine,
  EvaluateOptions,
  Image,
  RoleHolder,
} from '../engine/types.ts'
import { encodeDecision } from '../engine/wire.ts'

export class AgingDecisions<E extends DecisionEngine = DecisionEngine> implements DecisionEngine {
  readonly #engine: E
  readonly #isStale: () => boolean
  /** By policies that are too old nobody has any relation. Which tuples there are is told all the same. */
  readonly relations: E['relations']
  protected readonly denial: Decision

  constructor(engine: E, isStale: () => boolean) {
    this.#engine = engine
    this.#isStale = isStale
    this.relations = agingRelations(engine.relations, isStale)
    this.denial = Object.freeze({
      decision: false,
      status: 'deny',
      code: 'stale_policies',
      reason: 'the policies could not be refreshed in time',
      rules: [],
      obligations: [],
      advice: [],
      imageId: engine.image.id,
    })
  }

  get tenant(): string {
    return this.#engine.tenant
  }

  get image(): Image {
    return this.#engine.image
  }

  evaluate(request: AccessRequest, options?: EvaluateOptions): Decision {
    // What is wrong with a request is told whatever the policies.
    const decision = this.#engine.evaluate(request, options)
    return this.#isStale() ? this.denial : decision
  }

  evaluateJson(body: Uint8Array, options?: BytesOptions): Uint8Array<ArrayBuffer> {
    const answer = this.#engine.evaluateJson(body, options)
    return this.#isStale() ? encodeDecision(this.denial) : answer
  }

  evaluateMany(requests: readonly AccessRequest[], options?: EvaluateOptions): Decision[] {
    const decisions = this.#engine.evaluateMany(requests, options)
    return this.#isStale() ? decisions.map(() => this.denial) : decisions
  }

  /** Policies that are too old give nobody a role. */
  rolesOf(holder: RoleHolder, options?: EvaluateOptions): readonly string[] {
    const roles = this.#engine.rolesOf(holder, options)
    return this.#isStale() ? [] : roles
  }

  entities(kind: 'subject' | 'resource', type: string): readonly string[] {
    return this.#engine.entities(kind, type)
  }

  entityTypes(kind: 'subject' | 'resource'): readonly string[] {
    return this.#engine.entityTypes(kind)
  }

  actions(): readonly string[] {
    return this.#engine.actions()
  }
}

/** What is answered to questions about relations; engines that only decide answer none. */
const UNRELATED = new Map<PropertyKey, unknown>([
  ['check', Object.freeze({ allowed: false, outcome: 'not_evaluable' })],
  ['listObjects', Object.freeze([])],
  ['listSubjects', Object.freeze([])],
  ['candidateObjects', Object.freeze([])],
  ['candidateSubjects', Object.freeze([])],
])

/** In front of either kind of relations, whatever else it can do. */
function agingRelations<R extends object>(relations: R, isStale: () => boolean): R {
  return new Proxy(relations, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...asked: unknown[]): unknown => {
        // As with requests: what is wrong with a question is told whatever the policies.
        const answer: unknown = value.apply(target, asked)
        return UNRELATED.has(name) && isStale() ? UNRELATED.get(name) : answer
      }
    },
  })
}
