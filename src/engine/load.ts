/** The engine over images (`sallyport/engine`): everything but the policy parser and the compiler. */
import { loadCore } from '#core'
import { SallyportError } from '../errors.ts'
import type { TupleInput } from '../tuple/tuple.ts'
import { Decider } from './decider.ts'
import { explain, whyNot } from './explanations.ts'
import { deciderOf, ImageDecisions, replaceDecider } from './image-decisions.ts'
import { imageDigest } from './image-digest.ts'
import { evaluateWith } from './partial.ts'
import { EngineRelations } from './relations/engine-relations.ts'
import { type Documented, moveTuples } from './relations/move-tuples.ts'
import type { KnownRelation } from './relations/types.ts'
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
} from './types.ts'

/** Turns policies into an image of one tenant. */
export type Compile = (policies: PolicyInput, tenant: string | undefined) => Promise<Uint8Array<ArrayBuffer>>

/**
 * Loads a compiled image.
 *
 * @param tuples Relation tuples, beside those of the image; or `elsewhere`, when others know them (see `evaluateWith`).
 * @throws SallyportError `E_IMAGE` when it is truncated, damaged, foreign or of another version; `E_TUPLE` for a bad tuple.
 * @example
 * import { loadEngine } from 'sallyport/engine'
 * const engine = await loadEngine(await readFile('policy.image'))
 */
export async function loadEngine(image: Uint8Array, tuples?: Iterable<TupleInput> | 'elsewhere'): Promise<Engine> {
  const compile = () => {
    throw new SallyportError(
      'E_USAGE',
      'this engine only loads images; import createEngine from "sallyport" for policies',
    )
  }
  const engine = await makeEngine(image, compile, tuples === 'elsewhere')
  if (tuples !== undefined && tuples !== 'elsewhere') engine.relations.add(tuples)
  return engine
}

/** An engine whose policies can be replaced by what `compile` makes; `elsewhere` where others know the tuples. */
export async function makeEngine(image: Uint8Array, compile: Compile, elsewhere = false): Promise<Engine> {
  const module = await loadCore()
  return new ImageEngine(module, load(module, image, elsewhere), compile)
}

/** @throws SallyportError `E_USAGE` when there are tuples that others are to know */
function load(module: WebAssembly.Module, image: Uint8Array, elsewhere: boolean): Decider {
  const decider = new Decider(module, image, imageDigest, elsewhere)
  if (elsewhere && decider.image.tuples().length > 0) {
    throw new SallyportError('E_USAGE', 'the policies have tuples, and others are to know them: write them there')
  }
  return decider
}

class ImageEngine extends ImageDecisions implements Engine {
  readonly #module: WebAssembly.Module
  readonly #compile: Compile
  readonly elsewhere: boolean
  override readonly relations: EngineRelations
  /** Calls of replacePolicies, and the latest of them that is in force. */
  #asked = 0
  #inForce = 0

  constructor(module: WebAssembly.Module, decider: Decider, compile: Compile) {
    super(decider)
    this.elsewhere = decider.elsewhere
    this.relations = new EngineRelations(() => deciderOf(this).relations(), decider.elsewhere)
    this.#module = module
    this.#compile = compile
  }

  evaluateWith(request: AccessRequest, known: readonly KnownRelation[], options?: PartialOptions): PartialDecision {
    return evaluateWith(this, request, known, options)
  }

  explain(request: AccessRequest, options?: EvaluateOptions): Explanation {
    return explain(this, request, options)
  }

  whyNot(request: AccessRequest, options?: WhyNotOptions): WhyNot {
    return whyNot(this, request, options)
  }

  async replacePolicies(policies: PolicyInput): Promise<void> {
    const call = ++this.#asked
    const bytes = await this.#compile(policies, this.tenant)
    // Everything that can fail is done before anything is changed.
    const decider = load(this.#module, bytes, this.elsewhere)
    // The last call wins, even when an earlier one takes longer.
    if (call < this.#inForce) return
    const old = documented(deciderOf(this))
    const leftOut = old && moveTuples(old, documented(decider))
    this.#inForce = call
    replaceDecider(this, decider)
    this.relations.leftOut = leftOut ?? []
  }
}

/** The tuples of a decider, when its policies have relations. */
function documented(decider: Decider): Documented | undefined {
  const parts = decider.relations()
  return parts && { store: parts.store, documents: decider.image.tuples() }
}
