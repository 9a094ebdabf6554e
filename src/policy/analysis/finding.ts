/** What the analysis of a model finds: always warnings, since policies with them mean something, if not what was meant. */
import type { DiagnosticCode } from '../codes.ts'
import type { Place, RuleModel } from '../model.ts'

export interface Finding {
  readonly code: Extract<DiagnosticCode, `W_${string}`>
  readonly place: Place
  /** The rule it is about, where it is about one. */
  readonly rule?: string
  /** What is there. */
  readonly found: string
  /** What to do about it. */
  readonly advice: string
  /** Without the rule, every request would be decided as with it, and by the same other rules. */
  readonly idle: boolean
}

export function ruleFinding(
  rule: RuleModel,
  finding: Pick<Finding, 'code' | 'found' | 'advice'> & { readonly idle?: boolean },
): Finding {
  return { place: rule.place, rule: rule.id, ...finding, idle: finding.idle ?? false }
}
