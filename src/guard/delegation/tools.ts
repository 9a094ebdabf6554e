import type { Coverage } from '../../delegation/coverage.ts'
import type { GuardEnvironment } from '../environment.ts'
import type { GrantorAttributes } from './attributes.ts'

/** What the parts of this capability share. */
export interface DelegationTools {
  readonly environment: GuardEnvironment
  readonly coverage: Coverage
  readonly attributes: GrantorAttributes
}
