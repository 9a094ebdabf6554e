/** What goes wrong between a client and the service. */
import { SallyportError } from '../errors.ts'

/** What the service says of it: the essentials of Problem Details (RFC 9457). */
export interface ServiceProblem {
  /** A stable code of docs/errors.md, such as `E_DELEGATION_FORBIDDEN`. */
  readonly code: string
  readonly detail: string
}

/** The service answered, and it is no success. The message holds neither the URL nor credentials. */
export class ServiceError extends SallyportError {
  override name = 'ServiceError'
  /** Of the answer. */
  readonly status: number
  /** Undefined where something in between answered, and not the service. */
  readonly problem: ServiceProblem | undefined

  constructor(status: number, problem: ServiceProblem | undefined) {
    const what = problem === undefined ? 'with no problem details' : `${problem.code}: ${problem.detail}`
    super('E_SERVICE', `the service answered ${status}, ${what}`)
    this.status = status
    this.problem = problem
  }
}

/** The problem in an answer, if it is one of the service's. */
export function problemIn(body: unknown): ServiceProblem | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { code, detail } = body as { readonly code?: unknown; readonly detail?: unknown }
  return typeof code === 'string' && typeof detail === 'string' ? { code, detail } : undefined
}
