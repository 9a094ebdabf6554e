/** Which of many requests are permitted: the same answers as one by one, with less asking of the store. */
import type { AccessRequest } from '../../engine/types.ts'
import { SallyportError } from '../../errors.ts'
import { type Pace, unhurried } from '../../pace.ts'
import { checkRequest } from '../asked.ts'
import type { Authorization, GuardCall } from '../authorization.ts'
import type { GuardEnvironment } from '../environment.ts'
import { LACKS_ALLOW } from '../lacks-allow.ts'

export interface Judges {
  readonly environment: GuardEnvironment
  readonly authorization: Authorization
  /** Whether anything besides the policies could allow a subject something: it was lent something. */
  readonly isGrantee: (subject: AccessRequest['subject']) => Promise<boolean>
  /** Whether some limit counts the request. */
  readonly isLimited: (request: AccessRequest) => boolean
}

/** In the order of the requests; fewer than these when the time is up. Nothing is used, and nobody asked to approve; what is under review and not approved is not permitted. */
export async function permitted(
  judges: Judges,
  requests: readonly AccessRequest[],
  call: GuardCall,
  pace: Pace = unhurried,
): Promise<readonly boolean[]> {
  const answers: boolean[] = []
  const grantees = new Map<string, Promise<boolean>>()
  const isGrantee = (subject: AccessRequest['subject']): Promise<boolean> => {
    const key = JSON.stringify([subject.type, subject.id])
    const known = grantees.get(key) ?? judges.isGrantee(subject)
    grantees.set(key, known)
    return known
  }
  for (const request of requests) {
    if ((await pace.take(1)) === 0) break
    answers.push(await isPermitted(judges, request, call, isGrantee))
  }
  return answers
}

async function isPermitted(
  { environment, authorization, isLimited }: Judges,
  request: AccessRequest,
  call: GuardCall,
  isGrantee: Judges['isGrantee'],
): Promise<boolean> {
  try {
    checkRequest(request)
    const plain = call.session === undefined && call.task === undefined && !isLimited(request)
    if (plain) {
      const { decide, now } = environment
      const options = { ...(call.untrusted && { untrusted: call.untrusted }), now: now() }
      const { status, code } = await decide({ ...request, state: { ...request.state, usage: {} } }, options)
      if (status === 'allow') return true
      if (status === 'deny' && !(LACKS_ALLOW.has(code) && (await isGrantee(request.subject)))) return false
    }
    const { decision } = await authorization.decide(request, { ...call, dryRun: true }, { give: (answer) => answer })
    return decision
  } catch (error) {
    // With some candidates it is no request at all: who acts for itself, for example.
    if (error instanceof SallyportError && error.code === 'E_REQUEST') return false
    throw error
  }
}
