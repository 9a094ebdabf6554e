/** What `evaluate` and `explain` have in common: the policies, the requests and the time. */
import { createEngine } from '../engine/index.ts'
import type { AccessRequest, Engine, EvaluateOptions } from '../engine/types.ts'
import { usage } from './arguments.ts'
import { readBytes } from './files.ts'
import type { Io } from './io.ts'
import { readModels, readSources, tenantOption } from './policies.ts'
import { readRequests } from './request-file.ts'
import { hasRequestFlags, type RequestFlags, requestFromFlags, requestOptions, treeOf } from './request-flags.ts'

export const decideOptions = {
  policies: { type: 'string', short: 'p', multiple: true, hint: 'PATH', description: 'A policy file or folder.' },
  image: { type: 'string', hint: 'FILE', description: 'A compiled image, in place of policies.' },
  tenant: tenantOption,
  ...requestOptions,
  now: { type: 'string', hint: 'TIME', description: 'The time of the decision (RFC 3339). Default: now.' },
  state: {
    type: 'string',
    multiple: true,
    hint: 'KEY=VALUE',
    description: 'What the host knows: state.KEY in policies.',
  },
  untrusted: { type: 'string', multiple: true, hint: 'PATH', description: 'An attribute that is not to be trusted.' },
} as const

export const decideDetails = [
  'REQUEST is a file, or - for standard input: one request, a JSON list, or one request a line.',
  'Or give the request with --subject, --action and --resource.',
  'Exit code: 0 allow, 3 deny, 4 review (of several, deny counts before review), 1 errors, 2 wrong usage.',
]

export interface DecideFlags extends RequestFlags {
  readonly policies: readonly string[]
  readonly image: string | undefined
  readonly tenant: string | undefined
  readonly now: string | undefined
  readonly state: readonly string[]
  readonly untrusted: readonly string[]
}

export interface Question {
  readonly engine: Engine
  readonly requests: readonly AccessRequest[]
  readonly options: EvaluateOptions
}

/** Reads everything a decision needs, so that mistakes show before the first decision is printed. */
export async function readQuestion(
  verb: string,
  flags: DecideFlags,
  operands: readonly string[],
  io: Io,
): Promise<Question> {
  const now = flags.now === undefined ? io.now() : parseTime(flags.now)
  const file = operands[0]
  if (file !== undefined && hasRequestFlags(flags)) throw usage(`give either ${file} or the request's flags, not both`)
  if (file === undefined && !hasRequestFlags(flags)) {
    throw usage(
      `${verb} needs a request: a file, - or --subject, --action and --resource; see sallyport ${verb} --help`,
    )
  }
  if (file === '-' && flags.policies.includes('-')) throw usage('- can be the policies or the request, not both')
  const fromFlags = file === undefined ? [requestFromFlags(flags)] : undefined
  const engine = await openEngine(verb, flags, io)
  const requests = fromFlags ?? (await readRequests(file ?? '-', io))
  const state = treeOf('--state', flags.state, 'session.id=s1')
  return {
    engine,
    options: { now, untrusted: flags.untrusted },
    requests: flags.state.length === 0 ? requests : requests.map((request) => ({ ...request, state })),
  }
}

async function openEngine(verb: string, { policies, image, tenant }: DecideFlags, io: Io): Promise<Engine> {
  if (policies.length > 0 === (image !== undefined)) {
    throw usage(`${verb} needs either policies or an image: -p policies/ or --image policy.image`)
  }
  const chosen = tenant === undefined ? {} : { tenant }
  if (image !== undefined) return createEngine({ image: await readBytes(image, io), ...chosen })
  const sources = await readSources(policies, io)
  readModels(sources, io)
  return createEngine({ policies: sources.portable, ...chosen })
}

/** Times without an offset would mean another moment on another machine. */
function parseTime(text: string): number {
  const time = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(time)) throw usage(`--now ${text} is no time; write it like 2026-03-01T09:30:00Z`)
  return time
}
