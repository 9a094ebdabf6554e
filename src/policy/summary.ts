/** What is in policies, counted: for reports. */
import type { Diagnostic } from './diagnostic.ts'
import type { PolicyModel } from './model.ts'

export interface PolicySummary {
  readonly files: number
  readonly errors: number
  readonly warnings: number
  readonly rules: number
  readonly sets: number
  readonly tenants: readonly string[]
}

export function summarize(
  files: number,
  tenants: ReadonlyMap<string, PolicyModel>,
  diagnostics: readonly Diagnostic[],
): PolicySummary {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const models = [...tenants.values()]
  return {
    files,
    errors,
    warnings: diagnostics.length - errors,
    rules: models.reduce((sum, model) => sum + ruleCount(model), 0),
    sets: models.reduce((sum, model) => sum + setCount(model), 0),
    tenants: [...tenants.keys()],
  }
}

export function ruleCount({ sets }: PolicyModel): number {
  return sets.reduce((sum, { rules }) => sum + rules.length, 0)
}

/** Sets that people wrote: the one of the top level is always there, and counts when it holds rules. */
export function setCount({ sets }: PolicyModel): number {
  return sets.filter(({ name, rules }) => name !== 'default' || rules.length > 0).length
}
