/** A request to try, made from the policies themselves, so that its answer means something to their author. */
import type { AccessRequest, Decision, Engine } from '../engine/types.ts'
import type { EntityModel, Pattern, PolicyModel, RuleModel } from '../policy/model.ts'

export interface Sample {
  readonly request: AccessRequest
  readonly decision: Decision
}

/** Enough to find an allow in most policies, and quick for those with thousands of rules and entities. */
const RULES = 50
const ENTITIES = 12

/** The first request that the policies allow at `now`; else one that they review; else one that they deny. */
export function findSample(model: PolicyModel, engine: Engine, now: number): Sample {
  let best: Sample | undefined
  for (const request of candidates(model)) {
    const decision = engine.evaluate(request, { now })
    if (decision.status === 'allow') return { request, decision }
    if (best === undefined || (decision.status === 'review' && best.decision.status === 'deny')) {
      best = { request, decision }
    }
  }
  const request = best?.request ?? {
    subject: { type: 'user', id: 'alice' },
    action: { name: model.actions[0] ?? 'read' },
    resource: { type: 'record', id: 'record-1' },
  }
  return { request, decision: best?.decision ?? engine.evaluate(request, { now }) }
}

/** For each rule that may allow: the known subjects and resources, then ones made up to fit its target. */
function* candidates(model: PolicyModel): Generator<AccessRequest> {
  const permits = model.sets
    .flatMap(({ rules }) => rules)
    .filter(({ effect }) => effect !== 'deny')
    .sort((a, b) => strangeness(a) - strangeness(b))
  for (const rule of permits.slice(0, RULES)) {
    const action = { name: example(rule.actions) ?? model.actions[0] ?? 'read' }
    for (const subject of [...model.subjects.slice(0, ENTITIES).map(known), madeUpSubject(rule)]) {
      for (const resource of [...model.resources.slice(0, ENTITIES).map(known), madeUpResource(rule)]) {
        yield { subject, action, resource }
      }
    }
  }
}

/** Allows come first, and of them those that name an action outright. */
function strangeness({ effect, actions }: RuleModel): number {
  return effect === 'review' ? 2 : actions[0]?.kind === 'exact' ? 0 : 1
}

/** Only type and id: the engine knows the rest. */
function known({ type, id }: EntityModel): AccessRequest['subject'] {
  return { type, id }
}

function madeUpSubject({ subjectTypes, subjectIds, roles }: RuleModel): AccessRequest['subject'] {
  const [role] = roles
  return {
    type: example(subjectTypes) ?? 'user',
    id: example(subjectIds) ?? 'alice',
    ...(role === undefined ? {} : { properties: { roles: [role] } }),
  }
}

function madeUpResource({ resourceTypes, resourceIds }: RuleModel): AccessRequest['resource'] {
  const type = example(resourceTypes) ?? 'record'
  return { type, id: example(resourceIds) ?? `${type}-1` }
}

/** A string that the first of the patterns matches; undefined when any string does. */
function example(patterns: readonly Pattern[]): string | undefined {
  const pattern = patterns[0]
  if (pattern === undefined || pattern.kind === 'exact') return pattern?.value
  return pattern.tokens
    .map((token) => {
      if (token.kind === 'literal') return token.text
      if (token.kind === 'class') return token.negated ? 'x' : String.fromCodePoint(token.ranges[0]?.[0] ?? 0x78)
      return 'x'
    })
    .join('')
}
