/** What `serve` prints when it starts. */

import { paths } from '../authzen/metadata.ts'
import type { Engine } from '../engine/types.ts'
import { formatDecision } from '../engine/wire.ts'
import type { PolicyModel } from '../policy/model.ts'
import { ruleCount } from '../policy/summary.ts'
import { plural } from './diagnostics.ts'
import { formatReason, formatRequest } from './evaluate.ts'
import { type Io, print } from './io.ts'
import { findSample } from './sample-request.ts'
import type { Served } from './served-policies.ts'
import { style } from './style.ts'

/** The policies in force, a line per tenant; loudly on stderr when one has no rules. */
export function reportPolicies({ sources, models, engines }: Served, io: Io): void {
  const { bold, red } = style(io, io.stderr)
  for (const [name, model] of models) {
    const entities = plural(model.subjects.length + model.resources.length, 'entity', 'entities')
    const id = engines.get(name)?.image.id.slice(0, 12)
    print(
      io.stdout,
      `tenant ${name}: ${plural(ruleCount(model), 'rule')}, ${entities}, ${plural(sources.files.length, 'file')}, image ${id}`,
    )
    if (ruleCount(model) === 0) {
      print(io.stderr, red(bold(`NO RULES ARE LOADED for tenant ${name}: every request is denied. Add rules.`)))
    }
  }
}

export interface Trial {
  /** Of the service. */
  readonly url: string
  /** Whether callers have to prove who they are. */
  readonly authenticated: boolean
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** One command to try, and what its answer means. */
export function reportTry(served: Served, trial: Trial, io: Io): void {
  const atRoot = served.engines.has('default') ? 'default' : [...served.engines.keys()][0]
  const engine = atRoot === undefined ? undefined : served.engines.get(atRoot)
  const model = atRoot === undefined ? undefined : served.models.get(atRoot)
  if (engine === undefined || model === undefined) return
  const below =
    engine.tenant === 'default' || served.engines.size === 1 ? '' : `/tenants/${encodeURIComponent(engine.tenant)}`
  const url = `${trial.url}${below}${paths.evaluation}`
  for (const line of tryLines(model, engine, { ...trial, url })) print(io.stdout, line)
}

function tryLines(model: PolicyModel, engine: Engine, { url, authenticated, now }: Trial): string[] {
  const { request, decision } = findSample(model, engine, now)
  const meaning = { allow: 'allowed', deny: 'denied', review: 'denied until a person approves' }[decision.status]
  // A double quote, inside which the shell puts in the variable.
  const credentials = authenticated ? ' -H "Authorization: Bearer $KEY"' : ''
  return [
    authenticated ? "Try, with a caller's key or token in KEY:" : 'Try:',
    `  curl -s ${url}${credentials} -H 'Content-Type: application/json' -d ${quoteForShell(JSON.stringify(request))}`,
    `It answers ${JSON.stringify(formatDecision(decision))}`,
    `which means: ${formatRequest(request)} is ${meaning} (${formatReason(decision)}).`,
  ]
}

/** POSIX shells: nothing is special inside single quotes but the quote itself. */
function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
