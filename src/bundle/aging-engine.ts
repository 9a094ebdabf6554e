/** The whole engine whose policies may become too old to decide by. */
import type { KnownRelation } from '../engine/relations/types.ts'
import type {
  AccessRequest,
  Engine,
  EvaluateOptions,
  Explanation,
  PartialDecision,
  PartialOptions,
  PolicyInput,
  WhyNot,
  WhyNotOptions,
} from '../engine/types.ts'
import { SallyportError } from '../errors.ts'
import { AgingDecisions } from './aging-decisions.ts'

export class AgingEngine extends AgingDecisions<Engine> implements Engine {
  readonly #engine: Engine
  readonly #isStale: () => boolean

  constructor(engine: Engine, isStale: () => boolean) {
    super(engine, isStale)
    this.#engine = engine
    this.#isStale = isStale
  }

  get elsewhere(): boolean {
    return this.#engine.elsewhere
  }

  evaluateWith(request: AccessRequest, known: readonly KnownRelation[], options?: PartialOptions): PartialDecision {
    const partial = this.#engine.evaluateWith(request, known, options)
    return this.#isStale() ? { decision: this.denial, asked: [] } : partial
  }

  explain(request: AccessRequest, options?: EvaluateOptions): Explanation {
    const explanation = this.#engine.explain(request, options)
    return this.#isStale() ? { ...explanation, decision: this.denial } : explanation
  }

  whyNot(request: AccessRequest, options?: WhyNotOptions): WhyNot {
    if (!this.#isStale()) return this.#engine.whyNot(request, options)
    return { decision: this.denial, nearest: [], blockers: [], abstaining: [] }
  }

  async replacePolicies(_policies: PolicyInput): Promise<void> {
    throw new SallyportError('E_USAGE', 'the policies come from a bundle; publish a new one')
  }
}
