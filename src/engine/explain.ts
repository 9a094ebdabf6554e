/** Explanations: the core's trace, told in the policy's words. */
import { Truth } from '../../assembly/abi/decision.ts'
import type { AttributeValue } from '../policy/document.ts'
import type { Core } from './core.ts'
import { STATUSES } from './decision.ts'
import { Disassembler, type ReadTest } from './disassemble.ts'
import { whyNot } from './explain-expression.ts'
import { findValue, shownValue } from './found-value.ts'
import type { ImageReader } from './image-reader.ts'
import { noteOn } from './notes.ts'
import type { Projection } from './projection.ts'
import { inactiveNote } from './role-notes.ts'
import type { Study } from './study.ts'
import { setOf, traceDecision, type Visit } from './trace.ts'
import type { AccessRequest, Explanation, Outcome, RuleExplanation, TestExplanation } from './types.ts'

const OUTCOMES: Readonly<Record<number, Outcome>> = {
  [Truth.False]: 'false',
  [Truth.True]: 'true',
  [Truth.NotEvaluable]: 'not_evaluable',
}

const NEGATED: Readonly<Record<Outcome, Outcome>> = { true: 'false', false: 'true', not_evaluable: 'not_evaluable' }

/** Asks the core once more for the request that is in the frame, with a trace behind what the projection wrote. */
export function explainDecision(study: Study): Explanation {
  const { core, image, decision, request, now, projection } = study
  const { visits, sets, cut } = traceDecision(study)
  const scene = { core, image, disassembler: new Disassembler(core, image), request, now, projection, cut }
  const deciding = new Set(decision.rules)
  return {
    decision,
    sets,
    rules: visits.map((visit) => ({ ...explainRule(visit, scene), deciding: deciding.has(visit.text.id) })),
  }
}

export interface Scene {
  readonly core: Core
  readonly image: ImageReader
  readonly disassembler: Disassembler
  readonly request: AccessRequest
  readonly now: number | undefined
  readonly projection: Projection
  /** See Trace. */
  readonly cut: boolean
}

/** What is told of a test that is not evaluable where the trace was cut. */
const CUT = 'perhaps not looked at: to tell all tests is more work than the engine does for one request'

export function explainRule(visit: Visit, scene: Scene): Omit<RuleExplanation, 'deciding'> {
  const { id, place } = visit.text
  const tests = visit.code === 0 ? [] : scene.disassembler.tests(visit.code)
  return {
    id,
    set: scene.image.metadata.sets[setOf(visit)]?.name ?? '',
    effect: STATUSES[(visit.packed >>> 8) & 0xff] ?? 'deny',
    outcome: outcome(visit.truth),
    tests: tests.map((test) => explainTest(test, visit, scene)),
    ...(place !== undefined && { place }),
  }
}

/** A test in the policy's words; `visit` knows what it came to. */
export function explainTest(test: ReadTest, visit: Pick<Visit, 'tests'>, scene: Scene): TestExplanation {
  const plain = outcome(visit.tests.get(test.node) ?? Truth.NotEvaluable)
  if (test.expression !== undefined) {
    // The part that failed is a part of the source, which may hold what a secret is compared with.
    const failed = test.secret ? undefined : whyNot(scene.core, scene.image, test.expression)
    const why = failed ?? (scene.cut && plain === 'not_evaluable' ? CUT : undefined)
    const { path, operator, expected } = test
    return {
      path,
      operator,
      expected,
      ...(why !== undefined && { why }),
      outcome: test.negated ? NEGATED[plain] : plain,
    }
  }
  const found = findValue(test, scene)
  const actual = found && shownValue(test, found.value, scene)
  const note = test.secret ? undefined : noteOf(test, plain, actual, scene)
  const notes = [test.secret ? undefined : found?.kept, note].filter((one) => one !== undefined)
  return {
    path: test.path,
    operator: test.operator,
    expected: test.expected,
    ...(actual !== undefined && { actual }),
    outcome: test.negated ? NEGATED[plain] : plain,
    ...(test.otherwise !== undefined && { otherwise: test.otherwise }),
    ...(notes.length > 0 && { note: notes.join(', ') }),
  }
}

/** Why a test came to what it came to, where what it read does not say so. */
function noteOf(test: ReadTest, plain: Outcome, actual: AttributeValue | undefined, scene: Scene): string | undefined {
  if (plain === 'not_evaluable') return noteOn(test, scene) ?? (scene.cut ? CUT : undefined)
  if (plain === 'true') return undefined
  return scene.request.state?.session === undefined ? undefined : inactiveNote(test, actual, scene.image)
}

function outcome(truth: Truth): Outcome {
  return OUTCOMES[truth] ?? 'not_evaluable'
}
