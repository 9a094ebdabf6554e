/** An engine whose policies may become too old to decide by. */
import type { KnownRelation } from '../engine/relations/types.ts'
import type {
  AccessRequest,
  Decision,
  Engine,
  EvaluateOptions,
  Explanation,
  Image,
  PartialDecision,
  PartialOptions,
  PolicyInput,
  RoleHolder,
  WhyNot,
  WhyNotOptions,
} from '../engine/types.ts'
import { encodeDecision } from '../engine/wire.ts'
import { SallyportError } from '../errors.ts'

export class AgingEngine implements Engine {
  readonly #engine: Engine
  readonly #isStale: () => boolean
  readonly #denial: Decision

  constructor(engine: Engine, isStale: () => boolean) {
    this.#engine = engine
    this.#isStale = isStale
    this.#denial = Object.freeze({
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

  get relations(): Engine['relations'] {
    return this.#engine.relations
  }

  get elsewhere(): boolean {
    return this.#engine.elsewhere
  }

  evaluate(request: AccessRequest, options?: EvaluateOptions): Decision {
    // What is wrong with a request is told whatever the policies.
    const decision = this.#engine.evaluate(request, options)
    return this.#isStale() ? this.#denial : decision
  }

  evaluateJson(body: Uint8Array, options?: EvaluateOptions): Uint8Array<ArrayBuffer> {
    const answer = this.#engine.evaluateJson(body, options)
    return this.#isStale() ? encodeDecision(this.#denial) : answer
  }

  evaluateWith(request: AccessRequest, known: readonly KnownRelation[], options?: PartialOptions): PartialDecision {
    const partial = this.#engine.evaluateWith(request, known, options)
    return this.#isStale() ? { decision: this.#denial, asked: [] } : partial
  }

  evaluateMany(requests: readonly AccessRequest[], options?: EvaluateOptions): Decision[] {
    const decisions = this.#engine.evaluateMany(requests, options)
    return this.#isStale() ? decisions.map(() => this.#denial) : decisions
  }

  /** Policies that are too old give nobody a role. */
  rolesOf(holder: RoleHolder, options?: EvaluateOptions): readonly string[] {
    const roles = this.#engine.rolesOf(holder, options)
    return this.#isStale() ? [] : roles
  }

  explain(request: AccessRequest, options?: EvaluateOptions): Explanation {
    const explanation = this.#engine.explain(request, options)
    return this.#isStale() ? { ...explanation, decision: this.#denial } : explanation
  }

  whyNot(request: AccessRequest, options?: WhyNotOptions): WhyNot {
    if (!this.#isStale()) return this.#engine.whyNot(request, options)
    return { decision: this.#denial, nearest: [], blockers: [], abstaining: [] }
  }

  async replacePolicies(_policies: PolicyInput): Promise<void> {
    throw new SallyportError('E_USAGE', 'the policies come from a bundle; publish a new one')
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
