/** Who looks on while requests are answered: logs, metrics, traces. None of them changes an answer. */
import type { Caller } from '../../authzen/decide.ts'

/** A request on its way. What is not known yet is undefined: the tenant until the caller has proved who it is, the status until the end. */
export interface SeenRequest {
  /** In capitals; `_OTHER` for what HTTP does not know, so that there are only so many (OpenTelemetry's name for it). */
  readonly method: string
  readonly url: string
  readonly headers: Headers
  /** The client's, or one of our own. */
  readonly id: string
  /** The pattern of the path, such as `/tenants/:tenant/access/v1/evaluation`; undefined where there is nothing. */
  route: string | undefined
  tenant: string | undefined
  caller: Caller | undefined
  /** Of the answer; 0 until there is one. */
  status: number
  /** Of the problem that was answered with. */
  code: string | undefined
}

export type Outcome = 'allow' | 'deny' | 'review'

export type LimitName = 'caller' | 'tenant' | 'failures'

export interface Observer {
  /** Puts itself around the answering of a request. It must call `next`, and once. */
  around?(seen: SeenRequest, next: () => Promise<void>): Promise<void>
  /** A decision was made; the code is that of its reason. */
  decided?(tenant: string, outcome: Outcome, code: string): void
  /** A request was refused for coming too soon. */
  limited?(limit: LimitName): void
}
