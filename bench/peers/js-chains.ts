/** The chains workload by hand: the rules of an action, and one walk along the chain for each request. */
import type { AccessRequest, Actor, Delegator } from '../../src/engine/types.ts'
import { type ChainRule, chainRulesByAction } from './chain-rules.ts'
import { booleanAnswers, type Peer, type PreparedPeer, timePreparation } from './peer.ts'

export const jsChains: Peer = {
  name: 'js-chains',
  description: 'rules by action and a walk along the chain, written by hand in JavaScript; says yes or no',
  takes: (name) => name === 'chains',
  async prepare({ document, requests }): Promise<PreparedPeer<AccessRequest, boolean>> {
    const { engine, preparation } = await timePreparation(
      () => chainRulesByAction(document),
      (rules) => decide(rules, requests[0]!),
    )
    return { input: (request) => request, decide: (request) => decide(engine, request), ...booleanAnswers, preparation }
  },
}

function decide(
  byAction: ReadonlyMap<string, readonly ChainRule[]>,
  { subject, action, context }: AccessRequest,
): boolean {
  const rules = byAction.get(action.name)
  if (rules === undefined || subject.type !== 'agent') return false
  let depth = 0
  let least = score(subject)
  let root: Actor = subject
  for (let actor: Delegator | undefined = subject.on_behalf_of; actor !== undefined; actor = actor.on_behalf_of) {
    depth++
    least = Math.min(least, score(actor))
    root = actor
  }
  if (root.type !== 'user') return false
  const department = root.properties?.department
  const amount = context?.amount
  if (typeof amount !== 'number') return false
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i]!
    if (rule.department === department && depth <= rule.depth && least >= rule.trust && amount <= rule.amount)
      return true
  }
  return false
}

/** Not a number where there is no score: no comparison with it holds. */
function score({ properties }: Actor): number {
  const value = properties?.trust_score
  return typeof value === 'number' ? value : Number.NaN
}
