/** The engine over images: what an edge bundle carries, without the policy parser and the compiler. */
import { loadCore } from '#core'
import { SallyportError } from '../errors.ts'
import { Decider } from './decider.ts'
import { imageId } from './image-id.ts'
import type { AccessRequest, Decision, Engine, EvaluateOptions, Explanation, Image, PolicyInput } from './types.ts'

/** Turns policies into an image of one tenant. */
export type Compile = (policies: PolicyInput, tenant: string) => Uint8Array

/**
 * Loads a compiled image.
 *
 * @throws SallyportError `E_IMAGE` when it is truncated, damaged, foreign or of another version.
 * @example
 * import { loadEngine } from 'sallyport/engine'
 * const engine = await loadEngine(await readFile('policy.image'))
 */
export async function loadEngine(image: Uint8Array): Promise<Engine> {
  return makeEngine(image, () => {
    throw new SallyportError(
      'E_USAGE',
      'this engine only loads images; import createEngine from "sallyport" for policies',
    )
  })
}

/** An engine whose policies can be replaced by what `compile` makes. */
export async function makeEngine(image: Uint8Array, compile: Compile): Promise<Engine> {
  const module = await loadCore()
  // A copy: the caller may reuse the buffer.
  const bytes = image.slice()
  const id = await imageId(bytes)
  return new ImageEngine(module, new Decider(module, bytes, id), { bytes, id }, compile)
}

class ImageEngine implements Engine {
  readonly #module: WebAssembly.Module
  readonly #compile: Compile
  #decider: Decider
  #image: Image

  constructor(module: WebAssembly.Module, decider: Decider, image: Image, compile: Compile) {
    this.#module = module
    this.#decider = decider
    this.#image = image
    this.#compile = compile
  }

  get tenant(): string {
    return this.#decider.image.metadata.tenant
  }

  get image(): Image {
    return this.#image
  }

  evaluate(request: AccessRequest, options?: EvaluateOptions): Decision {
    return this.#decider.evaluate(request, options === undefined ? undefined : instant(options.now))
  }

  evaluateMany(requests: readonly AccessRequest[], options?: EvaluateOptions): Decision[] {
    const now = instant(options?.now)
    return requests.map((request) => this.#decider.evaluate(request, now))
  }

  explain(request: AccessRequest, options?: EvaluateOptions): Explanation {
    return this.#decider.explain(request, instant(options?.now))
  }

  async replacePolicies(policies: PolicyInput): Promise<void> {
    const bytes = this.#compile(policies, this.tenant)
    const id = await imageId(bytes)
    // Everything that can fail is done before anything is changed.
    const decider = new Decider(this.#module, bytes, id)
    this.#decider = decider
    this.#image = { bytes, id }
  }

  entities(kind: 'subject' | 'resource', type: string): readonly string[] {
    return this.#decider.image.metadata.entities[kind].find(([known]) => known === type)?.[1] ?? []
  }

  actions(): readonly string[] {
    return this.#decider.image.metadata.actions
  }
}

function instant(now: number | Date | undefined): number | undefined {
  const milliseconds = now instanceof Date ? now.getTime() : now
  if (milliseconds === undefined || Number.isFinite(milliseconds)) return milliseconds
  throw new SallyportError('E_USAGE', 'now must be a valid Date or milliseconds since 1970')
}
