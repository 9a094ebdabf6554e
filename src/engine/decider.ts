/** One image, ready to decide: the core with the image loaded, the projection and the decisions. */
import { Result } from '../../assembly/abi.ts'
import { SallyportError } from '../errors.ts'
import { Core } from './core.ts'
import { DecisionTable } from './decision.ts'
import { explainDecision } from './explain.ts'
import { ImageReader } from './image-reader.ts'
import { Projection } from './projection.ts'
import { isWellFormedRequest, requestError } from './request.ts'
import type { AccessRequest, Decision, Explanation } from './types.ts'

export class Decider {
  readonly image: ImageReader
  readonly #module: WebAssembly.Module
  readonly #ids: ReadonlyMap<string, number>
  readonly #decisions: DecisionTable
  #core: Core
  #projection: Projection

  /** @throws SallyportError `E_IMAGE` when the image is refused. */
  constructor(module: WebAssembly.Module, bytes: Uint8Array, id: string) {
    this.#module = module
    // The core refuses a damaged image before anything in it is read here.
    this.#core = new Core(module, bytes)
    try {
      this.image = new ImageReader(bytes)
      this.#ids = this.image.strings()
      this.#decisions = new DecisionTable(this.image, id)
      this.#projection = new Projection(this.#core, this.image, this.#ids)
    } catch (cause) {
      if (cause instanceof SallyportError) throw cause
      // Only an image made on purpose comes here: its checksum is good and its metadata is not of the compiler's form.
      throw new SallyportError('E_IMAGE', 'the image is refused: its metadata is invalid', { cause })
    }
  }

  evaluate(request: AccessRequest, now: number | undefined): Decision {
    if (!this.#accept(request)) return this.#decisions.denial('unknown_tenant')
    const core = this.#core
    try {
      const projection = this.#projection
      projection.writeKeys(request)
      const asked = core.match()
      // Final is the sign bit.
      if (asked < 0) return this.#decisions.get(asked & ~Result.Final, core.u32, core.deciding)
      projection.writeNeeds(asked, request, now)
      if (projection.writer.overLimit) return this.#decisions.denial('limit')
      return this.#decisions.get(core.decide(), core.u32, core.deciding)
    } catch (error) {
      if (error instanceof SallyportError) throw error
      return this.#recover()
    }
  }

  explain(request: AccessRequest, now: number | undefined): Explanation {
    if (!this.#accept(request)) return { decision: this.#decisions.denial('unknown_tenant'), sets: [], rules: [] }
    this.#projection.writeKeys(request)
    const asked = this.#core.match()
    if (this.image.ruleCount === 0) return { decision: this.#decisions.denial('no_policies'), sets: [], rules: [] }
    this.#projection.writeNeeds(Math.max(asked, 0), request, now)
    const { writer } = this.#projection
    if (writer.overLimit) return { decision: this.#decisions.denial('limit'), sets: [], rules: [] }
    return explainDecision(this.#core, this.image, this.#decisions, request, now, writer.top)
  }

  /** False when the request names another tenant. */
  #accept(request: AccessRequest): boolean {
    if (!isWellFormedRequest(request)) throw requestError(request)
    return request.tenant === undefined || request.tenant === this.image.metadata.tenant
  }

  /** A fault in the core denies, and the next request meets a fresh instance of the same image. */
  #recover(): Decision {
    this.#core = new Core(this.#module, this.image.bytes)
    this.#projection = new Projection(this.#core, this.image, this.#ids)
    return this.#decisions.denial('trap')
  }
}
