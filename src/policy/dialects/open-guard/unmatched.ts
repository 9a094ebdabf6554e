/**
 * What open-guard makes of an abac policy that is about a request while its conditions fail: a deny, unless a policy of the
 * same model matches. A rule without the conditions says the same at the lowest priority: where they hold, the
 * policy itself is stronger.
 */
import type { ConditionSource, Rule } from '../../document.ts'
import { type Meaning, makeRule, targetOf } from './rule.ts'
import type { FreeId } from './sets.ts'
import type { Model, SourcePolicy } from './source.ts'

/** There a delegation grants although policies deny, and this says no more than that none of them allows. */
const unless = { 'state.delegation': { exists: true } }

/** Below −1, the lowest that open-guard knows. */
const lowest = -2
const because = 'as in open-guard: an abac policy is about this, and none matches'

interface Group {
  readonly actions: Set<string>
  readonly on: Rule['on']
  readonly when: ConditionSource | undefined
}

export class Unmatched {
  readonly #model: Model
  readonly #freeId: FreeId
  /** What policies are about, those that differ in nothing but their actions together. */
  readonly #groups = new Map<string, Group>()

  constructor(model: Model, freeId: FreeId) {
    this.#model = model
    this.#freeId = freeId
  }

  add(policy: SourcePolicy, meaning: Meaning): void {
    if (this.#model !== 'abac' || meaning.when === true) return
    const target = targetOf(policy, meaning, true)
    if (target === undefined) return
    const { actions, on, when } = target
    const key = JSON.stringify([on, when])
    const group = this.#groups.get(key) ?? { actions: new Set(), on, when }
    for (const action of actions) group.actions.add(action)
    this.#groups.set(key, group)
  }

  rules(): Rule[] {
    const groups = [...this.#groups.values()]
    const all = groups.find(({ actions, on, when }) => actions.has('*') && on === undefined && when === undefined)
    return (all === undefined ? groups : [all]).map(({ actions, on, when }) =>
      makeRule(
        { id: this.#freeId(`${this.#model}-unmatched`), effect: 'deny', priority: lowest, because, unless },
        {
          actions: actions.has('*') ? ['*'] : [...actions],
          ...(on !== undefined && { on }),
          ...(when !== undefined && { when }),
        },
      ),
    )
  }
}
