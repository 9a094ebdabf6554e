/** One image, ready to decide: the core with the image loaded, the projection and the decisions. */
import { Info, Result } from '../../assembly/abi.ts'
import { BodyFault } from '../../assembly/json-abi.ts'
import { SallyportError } from '../errors.ts'
import type { Reference } from '../tuple/tuple.ts'
import { bodyError } from './body-fault.ts'
import { readBodyRequest } from './body-request.ts'
import { Core } from './core.ts'
import { DecisionTable } from './decision.ts'
import { explainDecision } from './explain.ts'
import { OutOfRoom } from './frame-writer.ts'
import { ImageReader } from './image-reader.ts'
import { instant } from './instant.ts'
import type { Mark } from './marks.ts'
import { createProjection, type Projection } from './projection.ts'
import type { RelationParts } from './relations/index.ts'
import { RelationQuestions } from './relations/questions.ts'
import { idRoom, TupleStore } from './relations/tuple-store.ts'
import type { RelationScene } from './relations/types.ts'
import { hasParts, requestError } from './request.ts'
import { isExpired, sessionOf } from './session.ts'
import type { AccessRequest, Decision, Explanation, ReasonCode, WhyNot } from './types.ts'
import { findWhyNot } from './why-not.ts'
import { formatDecision } from './wire.ts'

export class Decider {
  readonly image: ImageReader
  readonly id: string
  readonly #module: WebAssembly.Module
  readonly #tenant: string
  readonly #ids: ReadonlyMap<string, number>
  readonly #decisions: DecisionTable
  #core: Core
  #projection: Projection
  #relations: RelationParts | undefined
  /** A request is being read; its getters, if it has any, run meanwhile. */
  #busy = false

  /** @throws SallyportError `E_IMAGE` when the image is refused. */
  constructor(module: WebAssembly.Module, bytes: Uint8Array, id: string) {
    this.#module = module
    this.id = id
    // The core refuses a damaged image before anything in it is read here.
    this.#core = new Core(module, bytes)
    try {
      this.image = new ImageReader(bytes)
      this.#tenant = this.image.metadata.tenant
      this.#ids = this.image.strings()
      this.#decisions = new DecisionTable(this.image, id)
      this.#projection = createProjection(this.#core, this.image, this.#ids)
      this.#relations = this.#relationParts()
      for (const tuple of this.image.tuples()) this.#relations?.store.add(tuple)
    } catch (cause) {
      if (cause instanceof SallyportError) throw cause
      // Only an image made on purpose comes here: its checksum is good and its metadata is not of the compiler's form.
      throw new SallyportError('E_IMAGE', 'the image is refused: its metadata is invalid', { cause })
    }
  }

  evaluate(request: AccessRequest, now: number | undefined, marks: readonly Mark[] | undefined): Decision {
    if (!hasParts(request)) throw requestError(request)
    if (request.tenant !== undefined && request.tenant !== this.#tenant) return this.#decisions.denial('unknown_tenant')
    this.#refuseWhileBusy()
    const core = this.#core
    const projection = this.#projection
    this.#busy = true
    try {
      const session = request.state === undefined ? undefined : sessionOf(request)
      projection.writeKeys(request, session)
      // Not earlier: whether a request is well-formed does not depend on the time.
      if (session !== undefined && isExpired(session, now)) return this.#decisions.denial('session_expired')
      const asked = core.match()
      if (projection.overLimit()) return this.#decisions.denial('limit')
      // Final is the sign bit.
      if (asked < 0) return this.#decisions.final(asked & ~Result.Final)
      projection.writeNeeds(asked, request, now, marks)
      if (projection.overLimit()) return this.#decisions.denial('limit')
      return this.#decisions.get(core.decide(), core.i32, core.deciding)
    } catch (error) {
      if (error instanceof SallyportError) throw error
      if (!(error instanceof OutOfRoom)) return this.#recover()
      this.#grow(error.end)
    } finally {
      this.#busy = false
    }
    return this.evaluate(request, now, marks)
  }

  /**
   * Decides the request in a body, and answers as a body. What the host marks, and strings made to have the same hash, are
   * for the host's own way, with the same answer.
   */
  evaluateJson(body: Uint8Array, now: number | undefined, marks: readonly Mark[] | undefined): Uint8Array<ArrayBuffer> {
    this.#refuseWhileBusy()
    const core = this.#core
    let length: number
    try {
      const at = core.bodyRoom(body.length) >>> 0
      if (core.renew()) this.#renewProjection()
      if (at === 0) throw bodyError(BodyFault.TooLong, 0, 0)
      core.u8.set(body, at)
      length = core.evaluateJson(body.length, now ?? Number.NaN)
    } catch (error) {
      if (error instanceof SallyportError) throw error
      return encodeDecision(this.#recover())
    }
    if (core.renew()) this.#renewProjection()
    if (length < 0 && length !== -BodyFault.Flood) {
      throw bodyError(-length, core.info(Info.BodyFaultAt), core.info(Info.BodyFaultPart))
    }
    if (length < 0 || marks !== undefined) return encodeDecision(this.evaluate(readBodyRequest(body), now, marks))
    const reply = core.info(Info.Reply) >>> 0
    return core.u8.slice(reply, reply + length)
  }

  explain(request: AccessRequest, now: number | undefined, marks: readonly Mark[] | undefined): Explanation {
    const decision = this.evaluate(request, now, marks)
    // No rule was looked at, or there is nothing whole to look at.
    if (UNEXPLAINED.includes(decision.code)) return { decision, sets: [], rules: [] }
    // The request is in the frame, and there is room for it; the rest is asking the core once more, with a trace.
    const explanation = explainDecision(this.#core, this.image, decision, request, now, this.#projection)
    this.#grow(0)
    return explanation
  }

  /** @param limit The most rules to name. */
  whyNot(request: AccessRequest, now: number | undefined, marks: readonly Mark[] | undefined, limit: number): WhyNot {
    const decision = this.evaluate(request, now, marks)
    const nothing: WhyNot = { decision, nearest: [], blockers: [], abstaining: [] }
    if (decision.decision || UNEXPLAINED.includes(decision.code)) return nothing
    const core = this.#core
    const renew = () => createProjection(core, this.image, this.#ids)
    const projection = this.#projection
    this.#busy = true
    try {
      return findWhyNot({ core, image: this.image, decision, request, now, marks, limit, projection, renew })
    } catch (error) {
      if (error instanceof SallyportError) throw error
      if (!(error instanceof OutOfRoom)) return { ...nothing, decision: this.#recover() }
      this.#grow(error.end)
    } finally {
      this.#busy = false
      this.#grow(0)
    }
    return this.whyNot(request, now, marks, limit)
  }

  /**
   * The tuples, and questions about them; undefined when the policies have no relations.
   *
   * @throws SallyportError `E_USAGE` while a request is being read
   */
  relations(): RelationParts | undefined {
    this.#refuseWhileBusy()
    return this.#relations
  }

  #refuseWhileBusy(): void {
    if (!this.#busy) return
    throw new SallyportError('E_USAGE', 'a getter in a request may not ask the engine that is reading it')
  }

  #relationParts(): RelationParts | undefined {
    const names = this.image.relationNames
    if (names === undefined) return undefined
    const { slots } = this.image.metadata
    const store = new TupleStore({ core: this.#core, names, slots, ids: this.#ids, onGrowth: () => this.#grow(0) })
    return { store, questions: new RelationQuestions(store, (...scene) => this.#writeScene(...scene)) }
  }

  /** What conditions on tuples read, as if the question were a request; then there is room for its ids. */
  #writeScene(scene: RelationScene, subject: Reference, resource: Reference, relation: string): number | undefined {
    const { context, now } = scene
    const request: AccessRequest = {
      subject,
      action: { name: relation },
      resource,
      ...(context !== undefined && { context }),
    }
    const core = this.#core
    const projection = this.#projection
    this.#busy = true
    try {
      projection.writeKeys(request)
      const list = core.calls.listTupleConditionSlots() >>> 2
      projection.writeSlots(list + 1, core.i32[list] ?? 0, request, instant(now))
      if (projection.overLimit()) return undefined
      const top = projection.top()
      if (top + idRoom <= core.u8.length) return top
      this.#grow(top + idRoom)
    } catch (error) {
      if (!(error instanceof OutOfRoom)) throw error
      this.#grow(error.end)
    } finally {
      this.#busy = false
    }
    return this.#writeScene(scene, subject, resource, relation)
  }

  /** Makes memory reach `end` and renews what looked at it. */
  #grow(end: number): void {
    this.#core.reserve(end)
    this.#renewProjection()
  }

  #renewProjection(): void {
    this.#projection = createProjection(this.#core, this.image, this.#ids)
  }

  /** A fault in the core denies, and the next request meets a fresh instance of the same image. */
  #recover(): Decision {
    const core = new Core(this.#module, this.image.bytes)
    core.copyTuples(this.#core)
    const projection = createProjection(core, this.image, this.#ids)
    this.#core = core
    this.#projection = projection
    this.#relations = this.#relationParts()
    return this.#decisions.denial('trap')
  }
}

const UNEXPLAINED: readonly ReasonCode[] = [
  'unknown_tenant',
  'session_expired',
  'separation_of_duty',
  'no_policies',
  'limit',
  'trap',
]

const ENCODER = new TextEncoder()

function encodeDecision(decision: Decision): Uint8Array<ArrayBuffer> {
  return ENCODER.encode(JSON.stringify(formatDecision(decision)))
}
