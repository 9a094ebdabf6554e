/** The allow rules that lack least, and what they lack. */
import { Effect, type Truth } from '../../assembly/abi/decision.ts'
import { Info, Layout } from '../../assembly/abi/memory.ts'
import type { Core } from './core.ts'
import type { ReadTest } from './disassemble.ts'
import { explainTest, type Scene } from './explain.ts'
import { FewestTests, type Outcomes } from './fewest-tests.ts'
import type { Mark } from './marks.ts'
import type { Projection } from './projection.ts'
import { readKeys } from './request-keys.ts'
import { separateNote } from './role-notes.ts'
import { type RuleRecord, readRuleRecords } from './rule-records.ts'
import { sessionOf } from './session.ts'
import { ACTION, mismatches, pathOfDimension, RESOURCE_TYPE, targetTest } from './target-mismatch.ts'
import { traced } from './trace.ts'
import type { TestExplanation } from './types.ts'

export interface Near {
  readonly record: RuleRecord
  readonly missing: readonly TestExplanation[]
  /** The rule is about another action, or another type of resource. */
  readonly elsewhere: boolean
}

/** A rule, the dimensions in which its target does not match, and how much these weigh. */
interface Try {
  readonly record: RuleRecord
  readonly wrong: readonly number[]
  readonly weight: number
}

/** How many conditions are tried at most; the targets of all rules are looked at. */
const MOST_TRIED = 20_000

/** Whoever asks means this action on this kind of resource; that it could be another role or attribute is likelier. */
const WEIGHTS: Readonly<Record<string, number>> = {
  'action.name': 4,
  'resource.type': 4,
  'resource.id': 2,
  'subject.type': 2,
  'subject.id': 2,
}

function weightOf({ path }: { readonly path: string }): number {
  return WEIGHTS[path] ?? 1
}

export class NearRules {
  readonly #scene: Scene
  readonly #marks: readonly Mark[] | undefined
  readonly #renew: () => Projection
  #projection: Projection
  /** The view of memory that the projection writes to. */
  #memory: Int32Array

  /** @param renew Makes a new projection, for when memory has grown. */
  constructor(scene: Scene, marks: readonly Mark[] | undefined, renew: () => Projection) {
    this.#scene = scene
    this.#marks = marks
    this.#renew = renew
    this.#projection = renew()
    this.#memory = scene.core.i32
  }

  /**
   * The allow rules of these sets, nearest first; those alike in document order. Rules about another action or another type
   * of resource only come up when no other rule does, and rules about both never.
   *
   * @throws OutOfRoom when memory must grow first
   */
  find(sets: ReadonlySet<number>, limit: number): readonly Near[] {
    const best: (Near & { readonly weight: number })[] = []
    for (const one of this.#tries(sets).slice(0, MOST_TRIED)) {
      const worst = best[limit - 1]?.weight ?? Number.POSITIVE_INFINITY
      // The tries are sorted: no later one comes nearer.
      if (one.weight >= worst) break
      const near = this.#try(one, worst)
      if (near === undefined) continue
      const at = best.findIndex(({ weight }) => weight > near.weight)
      best.splice(at < 0 ? best.length : at, 0, near)
      best.length = Math.min(best.length, limit)
    }
    const near = best.filter(({ elsewhere }) => !elsewhere)
    return near.length > 0 ? near : best
  }

  #tries(sets: ReadonlySet<number>): Try[] {
    const { core, image } = this.#scene
    const request = readKeys(core)
    return readRuleRecords(core, image)
      .filter(({ packed }) => ((packed >>> 8) & 0xff) === Effect.Allow && sets.has(packed & 0xff))
      .map((record) => ({ record, wrong: mismatches(record, request) }))
      .filter(({ wrong }) => !(wrong.includes(ACTION) && wrong.includes(RESOURCE_TYPE)))
      .map((one) => ({
        ...one,
        weight: one.wrong.reduce((sum, dimension) => sum + weightOf({ path: pathOfDimension(dimension) }), 0),
      }))
      .sort((a, b) => a.weight - b.weight || a.record.rule - b.record.rule)
  }

  /** Undefined when the rule lacks as much as `worst`, or the request is too large for what its condition reads. */
  #try({ record, wrong, weight: before }: Try, worst: number): (Near & { readonly weight: number }) | undefined {
    const { disassembler } = this.#scene
    const outcomes = this.#outcomes(record)
    if (outcomes === undefined) return undefined
    const tests = record.code === 0 ? [] : new FewestTests(disassembler, outcomes, weightOf).find(record.code, true)
    const weight = tests.reduce((sum, test) => sum + weightOf(test), before)
    if (weight >= worst) return undefined
    const all: readonly ReadTest[] = [
      ...wrong.map((dimension) => targetTest(record, dimension, disassembler)),
      ...tests,
    ]
    const elsewhere = wrong.includes(ACTION) || wrong.includes(RESOURCE_TYPE)
    return {
      record,
      weight,
      elsewhere,
      missing: all.map((test) => this.#explain(test, outcomes)),
    }
  }

  #explain(test: ReadTest, outcomes: Outcomes): TestExplanation {
    const { image, core } = this.#scene
    const told = explainTest(test, { tests: outcomes }, this.#scene)
    const separate = separateNote(test, told.actual, image, core)
    if (separate === undefined) return told
    return { ...told, note: told.note === undefined ? separate : `${told.note}, ${separate}` }
  }

  /** Lets the core evaluate the rule's condition, with what it reads of the request in the frame. */
  #outcomes({ code, needs }: RuleRecord): Outcomes | undefined {
    const { core, request, now } = this.#scene
    if (core.i32 !== this.#memory) {
      this.#projection = this.#renew()
      this.#memory = core.i32
    }
    const projection = this.#projection
    projection.writeKeys(request, request.state === undefined ? undefined : sessionOf(request))
    core.match()
    core.i32[Layout.InfoBase / 4 + Info.Needs] = needs + 4
    projection.writeNeeds(core.i32[needs >>> 2] ?? 0, request, now, this.#marks)
    if (projection.overLimit()) return undefined
    if (code === 0) return NO_TESTS
    return readTests(
      core,
      traced(core, projection.top(), (start, end) => core.calls.probe(code, start, end)),
    )
  }
}

/** What is no test, as a part of a target, has the address 0 and does not hold. */
const NO_TESTS: Outcomes = new Map<number, Truth>([[0, 0]])

function readTests(core: Core, { start, length }: { readonly start: number; readonly length: number }): Outcomes {
  const outcomes = new Map(NO_TESTS)
  for (let at = start >>> 2; at < (start + length) >>> 2; at += 2) {
    outcomes.set(core.i32[at] ?? 0, core.i32[at + 1] as Truth)
  }
  return outcomes
}
