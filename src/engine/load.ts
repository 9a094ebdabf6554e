/** The engine over images: what an edge bundle carries, without the policy parser and the compiler. */
import { loadCore } from '#core'
import { SallyportError } from '../errors.ts'
import type { TupleInput } from '../tuple/tuple.ts'
import { Decider } from './decider.ts'
import { instant } from './instant.ts'
import { readMarks } from './marks.ts'
import { type Documented, EngineRelations, moveTuples } from './relations/index.ts'
import type { KnownRelation } from './relations/types.ts'
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
  // A copy: the caller may reuse the buffer. Not slice: a Buffer's would share its memory.
  const bytes = new Uint8Array(image)
  return new ImageEngine(module, await Decider.load(module, bytes, elsewhere), compile, elsewhere)
}

class ImageEngine implements Engine {
  readonly #module: WebAssembly.Module
  readonly #compile: Compile
  readonly elsewhere: boolean
  readonly relations: EngineRelations
  #decider: Decider
  /** Calls of replacePolicies, and the latest of them that is in force. */
  #asked = 0
  #inForce = 0

  constructor(module: WebAssembly.Module, decider: Decider, compile: Compile, elsewhere: boolean) {
    this.#module = module
    this.#decider = decider
    this.#compile = compile
    this.elsewhere = elsewhere
    this.relations = new EngineRelations(() => this.#decider.relations(), elsewhere)
  }

  get tenant(): string {
    return this.#decider.image.metadata.tenant
  }

  get image(): Image {
    const { id, image } = this.#decider
    return new ImageCopy(id, image.bytes)
  }

  evaluate(request: AccessRequest, options?: EvaluateOptions): Decision {
    if (options === undefined) return this.#decider.evaluate(request, undefined, undefined)
    return this.#decider.evaluate(request, instant(options.now), readMarks(options.untrusted))
  }

  evaluateJson(body: Uint8Array, options?: EvaluateOptions): Uint8Array<ArrayBuffer> {
    if (!(body instanceof Uint8Array)) throw new SallyportError('E_USAGE', 'the body must be a Uint8Array')
    return this.#decider.evaluateJson(body, instant(options?.now), readMarks(options?.untrusted))
  }

  evaluateWith(request: AccessRequest, known: readonly KnownRelation[], options: PartialOptions = {}): PartialDecision {
    const { everything = false, now, untrusted } = options
    return this.#decider.evaluateWith(request, known, everything, instant(now), readMarks(untrusted))
  }

  evaluateMany(requests: readonly AccessRequest[], options?: EvaluateOptions): Decision[] {
    const now = instant(options?.now)
    const marks = readMarks(options?.untrusted)
    return this.#decider.evaluateMany(requests, now, marks)
  }

  rolesOf(actor: RoleHolder, options?: EvaluateOptions): readonly string[] {
    const { subject, resource, state } = actor
    const request = { subject, resource, action: { name: '' }, ...(state && { state }) }
    return this.#decider.roles(request, instant(options?.now))
  }

  explain(request: AccessRequest, options?: EvaluateOptions): Explanation {
    return this.#decider.explain(request, instant(options?.now), readMarks(options?.untrusted))
  }

  whyNot(request: AccessRequest, options?: WhyNotOptions): WhyNot {
    const limit = options?.limit ?? 5
    if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
      throw new SallyportError('E_USAGE', 'limit must be a whole number from 1 to 100')
    }
    return this.#decider.whyNot(request, instant(options?.now), readMarks(options?.untrusted), limit)
  }

  async replacePolicies(policies: PolicyInput): Promise<void> {
    const call = ++this.#asked
    const bytes = await this.#compile(policies, this.tenant)
    // Everything that can fail is done before anything is changed.
    const decider = await Decider.load(this.#module, bytes, this.elsewhere)
    // The last call wins, even when an earlier one takes longer.
    if (call < this.#inForce) return
    const old = documented(this.#decider)
    const leftOut = old && moveTuples(old, documented(decider))
    this.#inForce = call
    this.#decider = decider
    this.relations.leftOut = leftOut ?? []
  }

  entities(kind: 'subject' | 'resource', type: string): readonly string[] {
    return this.#decider.image.metadata.entities[kind].find(([known]) => known === type)?.[1] ?? []
  }

  entityTypes(kind: 'subject' | 'resource'): readonly string[] {
    return this.#decider.image.metadata.entities[kind].map(([type]) => type)
  }

  actions(): readonly string[] {
    return this.#decider.image.metadata.actions
  }
}

class ImageCopy implements Image {
  readonly id: string
  readonly #bytes: Uint8Array

  constructor(id: string, bytes: Uint8Array) {
    this.id = id
    this.#bytes = bytes
  }

  /** A copy each time: what is decided from is nobody else's to change. Not made for who only wants the id. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.#bytes)
  }
}

/** The tuples of a decider, when its policies have relations. */
function documented(decider: Decider): Documented | undefined {
  const parts = decider.relations()
  return parts && { store: parts.store, documents: decider.image.tuples() }
}
