/** The whole engine whose policies may become too old to decide by. */
import type {
  AccessRequest,
  Engine,
  EvaluateOptions,
  Explanation,
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
