/** `sallyport evaluate`: decide requests. */
import type { AccessRequest, Decision } from '../engine/types.ts'
import { defineCommand } from './command.ts'
import { decideDetails, decideOptions, readQuestion } from './decide.ts'
import { exitOf } from './exit.ts'
import { print, printJson } from './io.ts'
import { type Style, style } from './style.ts'

export const evaluate = defineCommand({
  name: 'evaluate',
  summary: 'Decide a request, or several.',
  operands: '[REQUEST]',
  maxOperands: 1,
  details: decideDetails,
  options: {
    ...decideOptions,
    json: { type: 'boolean', description: 'Print the decision as JSON; of several, one a line.' },
  },
  examples: [
    [
      'sallyport evaluate -p policies/ --subject user:alice --action read --resource record:record-1',
      'prints the status, the deciding rules and the reason',
    ],
    ['sallyport evaluate -p policies/ request.json --json', 'decides the request in a file; JSON for programs'],
    [
      'sallyport evaluate -p policies/ -s user:bob -a write -r record:record-2 --property subject.role=admin',
      'adds a property to the subject; VALUE may be JSON, as in resource.tags=\'["a","b"]\'',
    ],
  ],
  async run({ flags, operands }, io) {
    const { engine, requests, options } = await readQuestion('evaluate', flags, operands, io)
    const decisions = engine.evaluateMany(requests, options)
    const paint = style(io, io.stdout)
    const only = decisions.length === 1
    decisions.forEach((decision, i) => {
      if (flags.json) printJson(io.stdout, decision, only)
      else print(io.stdout, formatDecision(decision, paint, only ? undefined : requests[i]))
    })
    return exitOf(decisions.map(({ status }) => status))
  },
})

/** One line: the status, the request where there are several, the deciding rules, the reason, the obligations. */
export function formatDecision(decision: Decision, paint: Style, request?: AccessRequest): string {
  const { status, obligations } = decision
  const colour = { allow: paint.green, deny: paint.red, review: paint.yellow }[status]
  const parts = [
    colour(status) + ' '.repeat('review'.length - status.length),
    ...(request === undefined ? [] : [formatRequest(request)]),
    formatReason(decision),
    ...(obligations.length === 0 ? [] : [`obligations: ${obligations.map(({ id }) => id).join(', ')}`]),
  ]
  return parts.join('  ')
}

/** `rule archive-is-closed: archived records change only …`, or the reason alone where no rule decided. */
export function formatReason({ status, rules, reason }: Decision): string {
  if (rules.length === 0) return reason
  const names = `${rules.length === 1 ? 'rule' : 'rules'} ${rules.join(', ')}`
  // Without a `because`, the engine's reason only says the status and the rules again.
  return reason.startsWith(`${status} by "`) ? names : `${names}: ${reason}`
}

/** @example formatRequest(request) // 'user:alice read record:record-1' */
export function formatRequest({ subject, action, resource }: AccessRequest): string {
  return `${subject.type}:${subject.id} ${action.name} ${resource.type}:${resource.id}`
}
