/** What administration works with, for one tenant. It has no clock and no randomness of its own. */
import type { GuardEnvironment } from '../guard/environment.ts'
import type { SubjectRef } from '../guard/subject-key.ts'

/** The store of the tenant, the time in milliseconds since 1970, and ids that nobody can guess. */
export type PapEnvironment = Pick<GuardEnvironment, 'store' | 'now' | 'newId'>

/** Who changes something, as proved. */
export type Author = SubjectRef
