/** A policy as a rule: its target and what else must hold. */
import type { Approval, Rule } from '../../document.ts'
import { patternOf } from './fnmatch.ts'
import { allOf, type Logic } from './logic.ts'
import type { SourcePolicy } from './source.ts'
import { tidy } from './tidy.ts'

/** What a model makes of a policy. */
export interface Meaning {
  /** What the policy is about, besides its actions; `when` holds what `on` has no word for. */
  readonly on?: Rule['on']
  readonly about: Logic
  readonly to?: Rule['to']
  /** What must hold for the policy to match. */
  readonly when: Logic
}

/** The parts of a rule that choose what it is about. Undefined when that is nothing at all. */
export type Target = Pick<Rule, 'on' | 'to' | 'when'> & { readonly actions: readonly string[] }

export function targetOf(policy: SourcePolicy, { on, to, about }: Meaning, when: Logic): Target | undefined {
  const all = allOf([about, when])
  if (all === false || policy.actions?.length === 0) return undefined
  return {
    actions: policy.actions?.map(patternOf) ?? ['*'],
    ...(on !== undefined && { on }),
    ...(to !== undefined && { to }),
    ...(all !== true && { when: all }),
  }
}

export interface RuleParts {
  readonly id: string
  readonly effect: 'allow' | 'deny' | 'review'
  readonly priority: number
  readonly because?: string
  readonly unless?: Rule['unless']
  readonly approval?: Approval
  readonly delegable?: boolean
}

/** A rule with its keys in the order in which people write them. */
export function makeRule({ id, effect, priority, unless, ...rest }: RuleParts, target: Target): Rule {
  const { actions, when, ...others } = target
  const [first = '*', ...more] = actions
  return {
    id,
    [effect]: more.length === 0 ? first : actions,
    ...others,
    ...(when !== undefined && { when: effect === 'allow' ? tidy(when) : when }),
    ...(unless !== undefined && { unless }),
    ...(priority !== 0 && { priority }),
    ...rest,
  }
}
