/** What every engine does: decide from an image. */
import { SallyportError } from '../errors.ts'
import type { Decider } from './decider.ts'
import { instant } from './instant.ts'
import { readMarks } from './marks.ts'
import type {
  AccessRequest,
  BytesOptions,
  Decision,
  DecisionEngine,
  EvaluateOptions,
  Image,
  RelationTuples,
  RoleHolder,
} from './types.ts'

/**
 * The decider behind an engine.
 *
 * @throws SallyportError `E_USAGE` when the engine is something else that looks like one.
 */
export let deciderOf: (engine: DecisionEngine) => Decider
/** Puts another decider in force. */
export let replaceDecider: (engine: ImageDecisions, decider: Decider) => void

export abstract class ImageDecisions implements DecisionEngine {
  #decider: Decider
  abstract readonly relations: RelationTuples

  static {
    deciderOf = (engine) => {
      if (#decider in engine) return engine.#decider
      throw new SallyportError('E_USAGE', 'the engine is none that loadEngine or createEngine made')
    }
    replaceDecider = (engine, decider) => {
      engine.#decider.image.leaveCore()
      engine.#decider = decider
    }
  }

  constructor(decider: Decider) {
    this.#decider = decider
  }

  get tenant(): string {
    return this.#decider.image.metadata.tenant
  }

  get image(): Image {
    const { image } = this.#decider
    return {
      get id() {
        return image.id
      },
      // A copy each time: what is decided from is nobody else's to change. Not made for who only wants the id.
      get bytes() {
        return new Uint8Array(image.bytes)
      },
    }
  }

  evaluate(request: AccessRequest, options?: EvaluateOptions): Decision {
    if (options === undefined) return this.#decider.evaluate(request, undefined, undefined)
    return this.#decider.evaluate(request, instant(options.now), readMarks(options.untrusted))
  }

  evaluateJson(body: Uint8Array, options: BytesOptions = {}): Uint8Array<ArrayBuffer> {
    const { now, untrusted, into } = options
    if (!(body instanceof Uint8Array && (into ?? body) instanceof Uint8Array)) {
      throw new SallyportError('E_USAGE', 'body and into must be Uint8Arrays')
    }
    return this.#decider.evaluateJson(body, instant(now), readMarks(untrusted), into)
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
