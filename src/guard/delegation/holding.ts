/**
 * Whether a grantor holds what it would lend, as far as that can be told before anybody asks: every name in a scope must be
 * held, and of every pattern something. What depends on attributes that only a request brings is decided at each use, when
 * the grantor is judged again.
 */
import type { ReadScope, Scopes } from '../../delegation/scope.ts'
import type { AccessRequest, Decision, EvaluateOptions, NearRule, TestExplanation, WhyNot } from '../../engine/types.ts'
import { SallyportError } from '../../errors.ts'
import { complement, isInside } from '../../policy/charset.ts'
import { parsePattern } from '../../policy/glob.ts'
import type { GlobToken, Pattern } from '../../policy/model.ts'
import { patternCoverings } from '../../policy/pattern-coverage.ts'
import { matchesPattern } from '../../policy/pattern-match.ts'
import type { GuardEnvironment } from '../environment.ts'

type Grantor = AccessRequest['subject']
type Judge = Pick<GuardEnvironment, 'engine' | 'decide'>

/** Combinations of the names and patterns in one scope that are tried. */
const MOST_PROBES = 400
/** Rules that are looked at where a probe is not allowed outright. */
const MOST_RULES = 100
/** Known actions that are tried for a pattern. */
const MOST_EXAMPLES = 20

/** @throws SallyportError `E_DELEGATION_GRANTOR` naming what is not held; `E_SCOPE` when a scope names too much to be checked. */
export async function checkHolding(
  judge: Judge,
  grantor: Grantor,
  scopes: Scopes,
  options: EvaluateOptions,
): Promise<void> {
  for (const [index, scope] of scopes.all.entries()) {
    const probes = probesOf(scope, judge.engine.actions())
    if (probes.length > MOST_PROBES) {
      const found = `scopes[${index}] has ${probes.length} combinations of actions, types and ids`
      throw new SallyportError(
        'E_SCOPE',
        `${found}; at most ${MOST_PROBES} are possible: use patterns, or several delegations`,
      )
    }
    for (const probe of probes) {
      if (!(await mayHold(judge, grantor, probe, options))) throw lacking(grantor, probe)
    }
  }
}

/** A name, or examples of a pattern. */
interface Part {
  /** At least one. */
  readonly texts: readonly string[]
  /** Undefined: the name itself is meant. */
  readonly pattern: Pattern | undefined
}

interface Probe {
  readonly action: Part
  readonly type: Part
  readonly id: Part
}

function probesOf({ actions, types, ids }: ReadScope, known: readonly string[]): Probe[] {
  const [allTypes, allIds] = [types, ids].map((patterns) => partsOf(patterns, []))
  return partsOf(actions, known).flatMap((action) =>
    allTypes!.flatMap((type) => allIds!.map((id) => ({ action, type, id }))),
  )
}

function partsOf(patterns: readonly Pattern[], known: readonly string[]): Part[] {
  const listed = patterns.length > 0 ? patterns : parsePattern('*')
  return listed.map((pattern) => {
    if (pattern.kind === 'exact') return { texts: [pattern.value], pattern: undefined }
    const covered = known.filter((text) => matchesPattern(pattern, text)).slice(0, MOST_EXAMPLES)
    return { texts: [...covered, exampleOf(pattern)], pattern }
  })
}

/** A text that the pattern covers, and that no policy is likely to name. */
function exampleOf(pattern: Pattern): string {
  if (pattern.kind === 'exact') return pattern.value
  return pattern.tokens.map(characterOf).join('')
}

function characterOf(token: GlobToken): string {
  if (token.kind === 'literal') return token.text
  if (token.kind === 'star') return '*'
  const taken = token.kind === 'one' ? [] : token.negated ? token.ranges : complement(token.ranges)
  return isInside(taken, 0x3f) ? String.fromCodePoint(complement(taken)[0]![0]) : '?'
}

async function mayHold(judge: Judge, subject: Grantor, probe: Probe, options: EvaluateOptions): Promise<boolean> {
  const { action, type, id } = probe
  const resource = { type: type.texts[0]!, id: id.texts[0]! }
  for (const name of action.texts) {
    if (await mayDo(judge, { subject, action: { name }, resource }, probe, options)) return true
  }
  // Which rules are about another action on another type, `whyNot` does not tell; nor is anything named that could be wrong.
  return type.pattern !== undefined && action.texts.length === 1 && action.pattern !== undefined
}

async function mayDo(
  { engine, decide }: Judge,
  request: AccessRequest,
  probe: Probe,
  options: EvaluateOptions,
): Promise<boolean> {
  const decision = await decide(request, options)
  if (decision.decision) return decision.delegable !== false
  if (isFinal(decision)) return false
  const whyNot = engine.whyNot(request, { ...options, limit: MOST_RULES })
  return whyNot.nearest.some((rule) => mayApply(rule, probe) && mayPass(rule, whyNot))
}

/** Whether no other request could fare better. */
function isFinal({ code }: Decision): boolean {
  return code === 'separation_of_duty' || code === 'session_expired' || code === 'no_policies' || code === 'trap'
}

/** Whether nothing keeps the rule from applying but what the probe leaves open. */
function mayApply({ missing }: NearRule, probe: Probe): boolean {
  return missing.every((test) => isOpen(test, probe))
}

/** Whether those in its way may not apply themselves. */
function mayPass({ blockedBy }: NearRule, { blockers }: WhyNot): boolean {
  return blockedBy.every((id) => blockers.find((blocker) => blocker.id === id)?.outcome === 'not_evaluable')
}

function isOpen(test: TestExplanation, probe: Probe): boolean {
  const part = { 'action.name': probe.action, 'resource.type': probe.type, 'resource.id': probe.id }[test.path]
  if (part !== undefined) return part.pattern !== undefined && overlaps(part.pattern, test)
  // A probe has none of the attributes that come with a request.
  const comesLater = /^(?:resource|action|context|state)\b/.test(test.path) || test.operator === 'cel'
  return comesLater && test.outcome === 'not_evaluable'
}

/** Whether something is covered by the pattern and by what the rule asks for. */
function overlaps(pattern: Pattern, { operator, expected }: TestExplanation): boolean {
  if (!Array.isArray(expected) || (operator !== 'in' && operator !== 'matches')) return false
  const texts = expected.filter((item): item is string => typeof item === 'string')
  const asked = texts.flatMap((text): Pattern[] =>
    operator === 'in' ? [{ kind: 'exact', value: text }] : parsePattern(text),
  )
  return patternCoverings([[pattern], asked])?.some(({ lists }) => lists === 3) ?? false
}

function lacking({ type, id }: Grantor, probe: Probe): SallyportError {
  const name = ({ texts, pattern }: Part) => JSON.stringify(pattern?.kind === 'glob' ? pattern.source : texts[0])
  const what = `${name(probe.action)} on ${name(probe.type)} ${name(probe.id)}`
  const advice = 'lend what it holds, or name the delegation it holds it by as parent'
  return new SallyportError(
    'E_DELEGATION_GRANTOR',
    `${type} ${JSON.stringify(id)} does not hold ${what}, or may not lend it; ${advice}`,
  )
}
