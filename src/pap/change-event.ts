/** What administrators have changed, as an event in the form of CloudEvents 1.0 (JSON format), kept beside the decisions. */
import { type SubjectRef, subjectKey } from '../guard/subject-key.ts'
import type { Insert } from '../store/port.ts'
import type { Author, PapEnvironment } from './environment.ts'

export interface ChangeEvent {
  readonly specversion: '1.0'
  readonly type: 'sallyport.change.v1'
  readonly id: string
  /** `/tenants/TENANT`. */
  readonly source: string
  /** Who has changed it: `type:id`. */
  readonly subject: string
  /** RFC 3339. */
  readonly time: string
  readonly datacontenttype: 'application/json'
  readonly data: ChangeData
}

/** No contents: digests say whether two are the same, and nothing that nobody should read in a log. */
export interface ChangeData {
  /** The permission that it took: `policies:replace`. */
  readonly action: string
  readonly resource: SubjectRef
  /**
   * What is written together with its event is `done`. What goes through other parts is told twice: when it has `begun`, and
   * when it is `done` or has `failed`; where the second is missing, it is not known.
   */
  readonly outcome: 'begun' | 'done' | 'failed'
  /** SHA-256 in hex of what was there; null: nothing was. Left out where there is no digest. */
  readonly before?: string | null
  readonly after?: string | null
  /** Which revision of the policies was made. */
  readonly revision?: number
  /** How many rows were written. */
  readonly count?: number
  /** Of what has failed. */
  readonly code?: string
}

export function changeEvent({ store, now, newId }: PapEnvironment, by: Author, data: ChangeData): ChangeEvent {
  return {
    specversion: '1.0',
    type: 'sallyport.change.v1',
    id: newId('chg'),
    source: `/tenants/${encodeURIComponent(store.tenant)}`,
    subject: subjectKey(by),
    time: new Date(now()).toISOString(),
    datacontenttype: 'application/json',
    data,
  }
}

/** The statement that keeps an event, to be written in one list with what it tells of. */
export function keep(event: ChangeEvent): Insert<'decision_log'> {
  const { id, subject, time, data } = event
  const row = { id, subject, status: data.outcome, at: Date.parse(time), document: JSON.stringify(event) }
  return { insert: 'decision_log', row }
}
