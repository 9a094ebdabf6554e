/** The rules of the chains workload, for the engines whose policies are made from them. */
import type { PolicyDocument } from '../../src/policy/document.ts'

export interface ChainRule {
  readonly id: string
  readonly action: string
  /** Of the user for whom all is done. */
  readonly department: string
  /** The most delegators. */
  readonly depth: number
  /** The least that each actor must be trusted. */
  readonly trust: number
  readonly amount: number
}

/** The rules of each action. */
export function chainRulesByAction(document: PolicyDocument): Map<string, ChainRule[]> {
  const byAction = new Map<string, ChainRule[]>()
  for (const rule of chainRules(document)) byAction.set(rule.action, [...(byAction.get(rule.action) ?? []), rule])
  return byAction
}

/** @throws Error when a rule has another form */
export function chainRules(document: PolicyDocument): ChainRule[] {
  return (document.rules ?? []).map(({ id, allow, chain, when }) => {
    const { root, depth, trust } = plain(chain)
    const rule = {
      id,
      action: allow,
      department: plain(root).department,
      depth: plain(depth).lte,
      trust: plain(trust).min,
      amount: plain(plain(when)['context.amount']).lte,
    }
    if (isChainRule(rule)) return rule
    throw new Error(`not a rule of the chains workload: ${id}`)
  })
}

function isChainRule(rule: { readonly [key in keyof ChainRule]: unknown }): rule is ChainRule {
  const { action, department, depth, trust, amount } = rule
  const texts = [action, department].every((value) => typeof value === 'string')
  return texts && [depth, trust, amount].every((value) => typeof value === 'number')
}

function plain(value: unknown): Readonly<Record<string, unknown>> {
  return { ...(value as object) }
}
