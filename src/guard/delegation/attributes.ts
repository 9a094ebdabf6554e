/** The attributes by which grantors are judged. */
import type { Properties, Subject } from '../../engine/types.ts'
import type { SubjectRef } from '../subject-key.ts'
import { subjectOf } from '../subject-key.ts'
import type { DelegationRecord } from './record.ts'

/** The host's word on somebody's attributes as they are now: a directory. Undefined: it does not know. */
export type AttributeSource = (subject: SubjectRef) => Promise<Properties | undefined>

/**
 * Where a grantor's attributes come from: the host's directory; or else what the delegation carries, if it was created with
 * some; or else the entities in the policies, which the engine adds itself.
 */
export class GrantorAttributes {
  readonly #source: AttributeSource | undefined

  constructor(source: AttributeSource | undefined) {
    this.#source = source
  }

  /** The grantor of a delegation, as a subject that acts for itself. */
  async grantorOf({ row, details }: DelegationRecord): Promise<Subject> {
    return this.subject(subjectOf(row.grantor), details.grantor_properties)
  }

  async subject({ type, id }: SubjectRef, carried: Properties | undefined): Promise<Subject> {
    const properties = (await this.#source?.({ type, id })) ?? carried
    return { type, id, ...(properties !== undefined && { properties }) }
  }
}
