/** From rules to a decision: "Deciding" of docs/policy-reference.md. */
import type { AccessRequest, ReasonCode, Status } from '../../src/engine/types.ts'
import type { CombiningAlgorithm, Effect, Obligation, PolicyDocument, Rule } from '../../src/policy/document.ts'
import { actorsOf } from './chain.ts'
import { passesLimit } from './limits.ts'
import type { Scope } from './paths.ts'
import { matchesAny } from './patterns.ts'
import { breaksSeparation, heldRoles, sessionExpired } from './roles.ts'
import { applies, effectOf, specificity, targetMatches } from './rules.ts'

export interface ReferenceDecision {
  readonly status: Status
  readonly code: ReasonCode
  /** The ids of the deciding rules, in document order. */
  readonly rules: readonly string[]
  readonly obligations: readonly Obligation[]
  readonly advice: readonly Obligation[]
  /** The `because` of the first deciding rule that has one. */
  readonly reason: string | undefined
  /** Some check of a relation was cut off: the code may be `relation_limit` in place of this one. */
  readonly cut?: true
}

interface NamedSet {
  readonly name: string
  readonly algorithm: CombiningAlgorithm
  readonly rules: readonly Rule[]
}

/** A rule that applies, or a deny or review that is not evaluable and counts as deny. */
interface Candidate {
  readonly rule: Rule
  readonly effect: Effect
  readonly evaluable: boolean
  /** In its set. */
  readonly position: number
}

interface Ballot {
  readonly vote: Effect | 'abstain'
  readonly winners: readonly Candidate[]
}

/**
 * Decides one request by one document.
 *
 * @param now milliseconds since 1970-01-01T00:00Z
 * @param untrusted what the host marks as untrusted, as paths
 * @throws RequestError when the subject's roles, its chain or the session are not of the form; ChainDepthError when the
 * chain is too deep
 */
export function referenceEvaluate(
  document: PolicyDocument,
  request: AccessRequest,
  now?: number,
  untrusted: readonly string[] = [],
): ReferenceDecision {
  let cut = false
  const onCut = () => {
    cut = true
  }
  const decision = decide(document, { document, request, now, untrusted, onCut })
  return cut && ['not_evaluable', 'no_match', 'set_abstained'].includes(decision.code) ? { ...decision, cut } : decision
}

function decide(document: PolicyDocument, scope: Scope): ReferenceDecision {
  const { request } = scope
  const sets = setsOf(document)
  const rules = sets.flatMap((set) => set.rules)
  if (request.tenant !== undefined && request.tenant !== (document.tenant ?? 'default')) return denied('unknown_tenant')
  const expired = sessionExpired(scope)
  actorsOf(document, request)
  heldRoles(scope)
  if (expired) return denied('session_expired')
  if (rules.length === 0) return denied('no_policies')
  if (breaksSeparation(scope)) return denied('separation_of_duty')

  const asked = routed(document, sets, request.action.name)
  const inQuestion = asked.flatMap((set) => set.rules).filter((rule) => targetMatches(rule, scope))
  if (passesLimit(inQuestion, scope)) return denied('limit')
  const ballots = asked.map((set) => ballotOf(set, scope))
  const votes = ballots.map((ballot) => ballot.vote)
  const outcome = combine(votes, document.combine ?? 'any')
  const deciding = ballots.filter((ballot) => ballot.vote === outcome).flatMap((ballot) => ballot.winners)
  if (deciding.length === 0) return denied(votes.every((vote) => vote === 'abstain') ? 'no_match' : 'set_abstained')

  // "except of rules that were not evaluable"
  const evaluated = deciding.filter((candidate) => candidate.evaluable)
  return {
    status: outcome,
    code: evaluated.length === 0 ? 'not_evaluable' : 'matched',
    rules: deciding.map(({ rule }) => rule.id),
    obligations: evaluated.flatMap(({ rule }) => rule.obligations ?? []),
    advice: evaluated.flatMap(({ rule }) => rule.advice ?? []),
    reason: deciding.find(({ rule }) => rule.because !== undefined)?.rule.because,
  }
}

function denied(code: ReasonCode): ReferenceDecision {
  return { status: 'deny', code, rules: [], obligations: [], advice: [], reason: undefined }
}

/** The top-level rules as the set `default`, then the others in the order of the document. */
function setsOf(document: PolicyDocument): NamedSet[] {
  const named = Object.entries(document.sets ?? {})
  const sets: NamedSet[] = named.map(([name, set]) => ({
    name,
    algorithm: set.algorithm ?? 'deny-overrides',
    rules: set.rules,
  }))
  if (document.rules === undefined) return sets
  return [{ name: 'default', algorithm: document.algorithm ?? 'deny-overrides', rules: document.rules }, ...sets]
}

/** "The first route that has a pattern matching the action names the sets; without one, all sets take part." */
function routed(document: PolicyDocument, sets: readonly NamedSet[], action: string): readonly NamedSet[] {
  const route = document.routes?.find((one) => matchesAny(one.actions, action))
  return route === undefined ? sets : sets.filter((set) => route.sets.includes(set.name))
}

/** "the strongest win (by rank first, by effect second) and vote their effect. Without any, the set abstains." */
function ballotOf(set: NamedSet, scope: Scope): Ballot {
  const candidates = set.rules.flatMap((rule, position) => candidateOf(rule, position, scope))
  if (candidates.length === 0) return { vote: 'abstain', winners: [] }
  const strongest = candidates.reduce((best, one) => (compare(one, best, set.algorithm) > 0 ? one : best))
  return {
    vote: strongest.effect,
    winners: candidates.filter((one) => compare(one, strongest, set.algorithm) === 0),
  }
}

/** An allow that is not evaluable does not apply; a deny or a review that is not evaluable denies. */
function candidateOf(rule: Rule, position: number, scope: Scope): Candidate[] {
  const effect = effectOf(rule)
  const truth = applies(rule, scope)
  if (truth === true) return [{ rule, effect, evaluable: true, position }]
  if (truth === 'n.e.' && effect !== 'allow') return [{ rule, effect: 'deny', evaluable: false, position }]
  return []
}

/** Positive when `a` is stronger than `b`. */
function compare(a: Candidate, b: Candidate, algorithm: CombiningAlgorithm): number {
  const ranksOfA = rankOf(a, algorithm)
  const ranksOfB = rankOf(b, algorithm)
  const differs = ranksOfA.findIndex((rank, index) => rank !== ranksOfB[index])
  return differs === -1 ? 0 : ranksOfA[differs]! - ranksOfB[differs]!
}

/** What is compared, the most important first, higher is stronger: the columns of the table under "Deciding". */
function rankOf({ rule, effect, position }: Candidate, algorithm: CombiningAlgorithm): readonly number[] {
  const priority = rule.priority ?? 0
  const denyFirst = { deny: 3, review: 2, allow: 1 }[effect]
  switch (algorithm) {
    case 'deny-overrides':
      return [denyFirst]
    case 'allow-overrides':
      return [{ allow: 3, review: 2, deny: 1 }[effect]]
    case 'priority':
      return [priority, denyFirst]
    case 'first-applicable':
      return [-position]
    case 'most-specific':
      return [...specificity(rule), priority, denyFirst]
  }
}

function combine(votes: readonly (Effect | 'abstain')[], combination: 'any' | 'all'): Status {
  if (votes.length === 0 || votes.includes('deny')) return 'deny'
  if (combination === 'all' && votes.includes('abstain')) return 'deny'
  if (votes.includes('review')) return 'review'
  return votes.includes('allow') ? 'allow' : 'deny'
}
