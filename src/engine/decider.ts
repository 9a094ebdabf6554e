/** One image, ready to decide: the core with the image loaded, the projection and the decisions. */
import { Code, Further, Result } from '../../assembly/abi/decision.ts'
import { BodyFault } from '../../assembly/abi/json.ts'
import { Info } from '../../assembly/abi/memory.ts'
import { SallyportError } from '../errors.ts'
import type { Reference } from '../tuple/tuple.ts'
import { bodyError } from './body-fault.ts'
import { readBodyRequest } from './body-request.ts'
import { Core } from './core.ts'
import { DecisionTable } from './decision.ts'
import { OutOfRoom } from './frame-writer.ts'
import { type ImageDigest, ImageReader, metadataError } from './image-reader.ts'
import { instant } from './instant.ts'
import type { Mark } from './marks.ts'
import { createProjection, type Projection } from './projection.ts'
import type { RelationParts } from './relations/parts.ts'
import { idRoom, TupleStore } from './relations/tuple-store.ts'
import type { RelationScene } from './relations/types.ts'
import { hasParts, hasResource, requestError } from './request.ts'
import { readRoles } from './request-keys.ts'
import { isFurther } from './run.ts'
import { isExpired, sessionOf } from './session.ts'
import type { AccessRequest, Decision, ReasonCode } from './types.ts'
import { Views } from './views.ts'
import { encodeDecision } from './wire.ts'

/** What has decided the last request. */
export interface Lent {
  readonly core: Core
  /** What has read the request. */
  readonly projection: Projection
  /** What a result of the core says. */
  readonly decisions: DecisionTable
  /** The strings of the image. */
  readonly ids: ReadonlyMap<string, number>
}

export class Decider {
  readonly image: ImageReader
  readonly #module: WebAssembly.Module
  readonly #tenant: string
  readonly #ids: ReadonlyMap<string, number>
  readonly #decisions: DecisionTable
  /** Others know the tuples: see partial.ts. */
  readonly elsewhere: boolean
  #core: Core
  #projection: Projection
  /** What the projection looks at. */
  #view: Int32Array
  #relations: RelationParts | undefined
  /** Why there is no core after a fault in the last one. */
  #lost: unknown
  /** Parts of the core's memory with an answer, and of what the caller gives for one. */
  readonly #replies = new Views()
  readonly #answers = new Views()
  /** A request is being read; its getters, if it has any, run meanwhile. */
  #busy = false

  /**
   * @param image Copied; what it is in may be used again.
   * @param digest Asked when somebody wants to know the id.
   * @param elsewhere Whether others know the tuples.
   * @throws SallyportError `E_IMAGE` when the image is refused.
   */
  constructor(module: WebAssembly.Module, image: Uint8Array, digest: ImageDigest, elsewhere = false) {
    this.#module = module
    this.elsewhere = elsewhere
    // The core refuses a damaged image before anything in it is read here.
    this.#core = new Core(module, image)
    try {
      this.image = new ImageReader(this.#core, digest)
      this.#tenant = this.image.metadata.tenant
      this.#ids = this.image.strings()
      this.#decisions = new DecisionTable(this.image, elsewhere)
      this.#projection = createProjection(this.#core, this.image, this.#ids)
      this.#view = this.#core.i32
      this.#relations = this.#relationParts()
      if (elsewhere) this.#core.calls.placeRelations(0, 0)
      else for (const tuple of this.image.tuples()) this.#relations?.store.add(tuple)
    } catch (cause) {
      if (cause instanceof SallyportError) throw cause
      throw metadataError(cause)
    }
  }

  evaluate(request: AccessRequest, now: number | undefined, marks: readonly Mark[] | undefined): Decision {
    if (!hasParts(request)) throw requestError(request)
    if (request.tenant !== undefined && request.tenant !== this.#tenant) return this.#decisions.denial('unknown_tenant')
    if (this.#busy !== false || this.#lost !== undefined) this.#refuseWhileBusy()
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
      const fault = this.#mend(error)
      if (fault !== undefined) return fault
    } finally {
      this.#busy = false
    }
    return this.evaluate(request, now, marks)
  }

  /**
   * Decides the request in a body, and answers as a body, in `into` where that has room. What the host marks, and strings made to
   * have the same hash, are for the host's own way, with the same answer.
   */
  evaluateJson(
    body: Uint8Array,
    now: number | undefined,
    marks: readonly Mark[] | undefined,
    into: Uint8Array<ArrayBuffer> | undefined,
  ): Uint8Array<ArrayBuffer> {
    this.#refuseWhileBusy()
    let length: number
    try {
      length = this.#decideBody(body, now)
    } catch (error) {
      if (error instanceof SallyportError) throw error
      return encodeDecision(this.#recover())
    }
    const core = this.#core
    if (length < 0 && length !== -BodyFault.Flood) {
      throw bodyError(-length, core.info(Info.BodyFaultAt), core.info(Info.BodyFaultPart))
    }
    if (length < 0 || marks !== undefined) return encodeDecision(this.evaluate(readBodyRequest(body), now, marks))
    const reply = core.info(Info.Reply) >>> 0
    if (into === undefined || into.length < length) return core.u8.slice(reply, reply + length)
    into.set(this.#replies.take(core.u8, reply, length))
    return this.#answers.take(into, 0, length)
  }

  /** Brings a body to the core and has it decided; what `evaluateJson` of the core returns. */
  #decideBody(body: Uint8Array, now: number | undefined): number {
    const core = this.#core
    let at = core.scratch
    if (body.length > SMALL_BODY) {
      at = core.calls.bodyRoom(body.length) >>> 0
      if (core.renew()) this.#renewProjection()
      if (at === 0) throw bodyError(BodyFault.TooLong, 0, 0)
    }
    core.u8.set(body, at)
    const length = core.evaluateJson(body.length, now ?? Number.NaN)
    if (core.renew()) this.#renewProjection()
    return length
  }

  /** The names of the active roles; none where the request could only be denied. */
  roles(request: AccessRequest, now: number | undefined): readonly string[] {
    if (!hasParts(request)) throw requestError(request)
    if (request.tenant !== undefined && request.tenant !== this.#tenant) return []
    this.#refuseWhileBusy()
    const core = this.#core
    const projection = this.#projection
    this.#busy = true
    try {
      const session = request.state === undefined ? undefined : sessionOf(request)
      projection.writeKeys(request, session)
      if (session !== undefined && isExpired(session, now)) return []
      const asked = core.match()
      if (projection.overLimit()) return []
      // That no rule applies is no reason against the roles; the lists of what decides are written before.
      if (asked < 0 && this.#decisions.final(asked & ~Result.Final).code !== 'no_match') return []
      return Array.from(readRoles(core), (id) => this.image.stringAt(id))
    } catch (error) {
      if (this.#mend(error) !== undefined) return []
    } finally {
      this.#busy = false
    }
    return this.roles(request, now)
  }

  /** Decides each request as `evaluate` does; those in a row that differ in their resource alone share what is alike. */
  evaluateMany(
    requests: readonly AccessRequest[],
    now: number | undefined,
    marks: readonly Mark[] | undefined,
  ): Decision[] {
    const decisions: Decision[] = []
    while (decisions.length < requests.length) {
      const first = requests[decisions.length]!
      const decision = this.evaluate(first, now, marks)
      decisions.push(decision)
      if (UNEXPLAINED.includes(decision.code)) continue
      this.#evaluateRun(requests, now, marks, decisions)
    }
    return decisions
  }

  /**
   * Decides the requests that differ from the last one decided in their resource alone, up to one that takes more than its turn.
   * That last one is in the frame.
   */
  #evaluateRun(
    requests: readonly AccessRequest[],
    now: number | undefined,
    marks: readonly Mark[] | undefined,
    decisions: Decision[],
  ): void {
    const first = requests[decisions.length - 1]!
    if (!isFurther(first, requests[decisions.length])) return
    const core = this.#core
    const projection = this.#projection
    const table = this.#decisions
    const noMatch = table.final(Code.NoMatch << 2)
    this.#busy = true
    try {
      const further = core.furtherResources()
      if (further === Further.Alone) return
      const runs = projection.runs()
      if (!runs.startRun(first, marks)) return
      /** Of which type the rules are that were found, where they are those of the type; and what `matchNext` said of them. */
      let type = ''
      let isKnown = false
      let asked = 0
      for (let i = decisions.length; i < requests.length; i++) {
        const request = requests[i]
        if (!isFurther(first, request)) return
        if (!hasResource(request)) throw requestError(request)
        const isAlike = isKnown && type === request.resource.type
        if (isAlike) {
          if (asked >= 0) runs.writeNext(request, now)
        } else {
          if (!runs.writeResourceKeys(request)) {
            decisions[i] = noMatch
            continue
          }
          asked = core.matchNext()
          isKnown = further === Further.ByType
          type = request.resource.type
          if (asked >= 0 && !runs.writeFurther(asked, request, now)) return
        }
        // What the run has written for others counts, too: by itself the request may be within its limits.
        if (projection.overLimit()) return
        if (asked < 0) {
          const decision = table.final(asked & ~Result.Final)
          decisions[i] = decision
          if (further === Further.ByType && decision === noMatch) runs.missed(request)
        } else decisions[i] = table.get(isAlike ? core.decideNext() : core.decide(), core.i32, core.deciding)
      }
    } catch (error) {
      const fault = this.#mend(error)
      if (fault !== undefined) decisions.push(fault)
    } finally {
      this.#busy = false
    }
  }

  /**
   * Lends what has decided the last request; the engine is busy meanwhile.
   *
   * @returns what `work` makes; a denial when there is a fault; undefined when memory had to grow first, so that the request has
   * to be decided again
   */
  lend<T>(work: (lent: Lent) => T): T | Decision | undefined {
    this.#busy = true
    try {
      return work({ core: this.#core, projection: this.#projection, decisions: this.#decisions, ids: this.#ids })
    } catch (error) {
      return this.#mend(error)
    } finally {
      this.#busy = false
      this.#grow(0)
    }
  }

  /**
   * The tuples, and what asks about them; undefined when the policies have no relations.
   *
   * @throws SallyportError `E_USAGE` while a request is being read
   */
  relations(): RelationParts | undefined {
    this.#refuseWhileBusy()
    return this.#relations
  }

  #refuseWhileBusy(): void {
    if (this.#lost !== undefined) throw this.#lost
    if (!this.#busy) return
    throw new SallyportError('E_USAGE', 'a getter in a request may not ask the engine that is reading it')
  }

  #relationParts(): RelationParts | undefined {
    const names = this.image.relationNames
    if (names === undefined) return undefined
    const { fold, metadata } = this.image
    const { slots } = metadata
    const store = new TupleStore({
      core: this.#core,
      names,
      slots,
      fold,
      ids: this.#ids,
      onGrowth: () => this.#grow(0),
    })
    return { store, writeScene: (...scene) => this.#writeScene(...scene) }
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

  /** Makes memory reach `end` and renews what looked at it: not before it must, as V8 has each projection learn anew. */
  #grow(end: number): void {
    this.#core.reserve(end)
    if (this.#core.i32 !== this.#view) this.#renewProjection()
  }

  #renewProjection(): void {
    this.#projection = createProjection(this.#core, this.image, this.#ids)
    this.#view = this.#core.i32
  }

  /**
   * After what was thrown while a request was decided: undefined when there was no room, and now is; a decision when the core failed.
   *
   * @throws SallyportError that is what was thrown, about the request
   */
  #mend(error: unknown): Decision | undefined {
    if (error instanceof SallyportError) throw error
    if (!(error instanceof OutOfRoom)) return this.#recover()
    this.#grow(error.end)
    return undefined
  }

  /** A fault in the core denies, and the next request meets a fresh instance of the same image. */
  #recover(): Decision {
    const core = this.#anotherCore()
    core.copyTuples(this.#core)
    if (this.elsewhere) core.calls.placeRelations(0, 0)
    const projection = createProjection(core, this.image, this.#ids)
    this.#core = core
    this.image.moveTo(core)
    this.#projection = projection
    this.#view = core.i32
    this.#relations = this.#relationParts()
    return this.#decisions.denial('trap')
  }

  /** One with the same image, which it checks again. Should that fail, nothing is decided any more. */
  #anotherCore(): Core {
    try {
      return new Core(this.#module, this.image.bytes)
    } catch (error) {
      this.#lost = error
      throw error
    }
  }
}

/** Bytes for which there is always room: a page lies behind the start of the scratch area, and more when it has grown. */
const SMALL_BODY = 8192

/** Why a request is denied before any rule is looked at. */
export const UNEXPLAINED: readonly ReasonCode[] = [
  'unknown_tenant',
  'session_expired',
  'separation_of_duty',
  'no_policies',
  'limit',
  'trap',
]
