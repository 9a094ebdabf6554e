/**
 * Policies that leave nobody anything. Administrators do not lose their permissions by them, as those are decided by policies
 * of their own (`permissions.ts`); but all whom the tenant's policies are for do.
 */
import type { Diagnostic } from '../policy/diagnostic.ts'
import type { PolicyModel } from '../policy/model.ts'

export function lockout({ sets }: PolicyModel): readonly Diagnostic[] {
  const rules = sets.flatMap((set) => set.rules)
  const [first] = rules
  // Without any rule there is W_NO_RULES.
  if (first === undefined || rules.some(({ effect }) => effect !== 'deny')) return []
  const message = 'no rule allows anything, or puts it under review: everybody is locked out; add a rule that allows'
  return [{ severity: 'warning', code: 'W_LOCKOUT', message, place: first.place }]
}
