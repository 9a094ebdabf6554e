/** What the profile is told, and where its endpoints are. */
import type { Signer } from '../../signer.ts'
import type { AccessRequestDesk } from './desk.ts'

/** Below the base URL. */
export const requestsPath = '/access/v1/requests'

export interface AccessRequestOptions {
  readonly desk: AccessRequestDesk
  /** Signs what binds a request to its denial; the same that the app has, since its keys are published there. */
  readonly signer: Signer
  /** Makes identifiers that cannot be guessed: `() => crypto.randomUUID()`. */
  readonly newId: () => string
  /** How long a denial can be requested, in milliseconds; 10 minutes when left out. */
  readonly denialLifetime?: number
  /** Members of `context` that are never twice the same and do not count; `time` when left out. */
  readonly volatile?: readonly string[]
}

export type FilledOptions = Required<AccessRequestOptions>
