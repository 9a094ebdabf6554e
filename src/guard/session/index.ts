/** Sessions: a subject acts with some of its roles for a while (NIST RBAC, ANSI INCITS 359). The engine does the judging. */
import type { Subject } from '../../engine/types.ts'
import { SallyportError } from '../../errors.ts'
import type { Row } from '../../store/port.ts'
import { fitsKey } from '../../store/values.ts'
import { copyOf } from '../copy.ts'
import type { GuardEnvironment } from '../environment.ts'
import { insertNew, insertOnce, type Records } from '../insert-once.ts'
import { checkSubject, type SubjectRef, subjectKey } from '../subject-key.ts'
import { type GuardSession, sessionOf } from './record.ts'

export type { GuardSession, SessionState } from './record.ts'

export interface SessionTerms {
  readonly subject: Subject
  /** The roles to activate; inherited ones come along. */
  readonly roles: readonly string[]
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  /** Where the roles are held, when they are held on some resources only; left out: everywhere. */
  readonly on?: { readonly type: string; readonly id: string }
  /**
   * Calls with the same key for the same subject begin one session, for 30 days. What the subject's properties are is not compared: who sends a call again
   * may have read them anew.
   */
  readonly idempotencyKey?: string
}

/** What a request sees of its session. */
export interface ActiveSession {
  readonly id: string
  readonly roles: readonly string[]
  readonly expires_at: number
}

/** No resource that a role could be held on. */
const EVERYWHERE = { type: '', id: '' }

const records: Records<Row<'sessions'>> = {
  table: 'sessions',
  find: (store, id) => store.get('sessions', { id }),
  insert: (row) => ({ insert: 'sessions', row }),
}

export class Sessions {
  readonly #environment: GuardEnvironment

  constructor(environment: GuardEnvironment) {
    this.#environment = environment
  }

  /**
   * Begins a session.
   *
   * @throws SallyportError `E_SESSION` when the subject does not hold a role, the policies do not name it, or the roles must not be active
   * together; `E_USAGE` when it would be over at once; `E_IDEMPOTENCY` when the key was used for other terms.
   * @example await guard.sessions.start({ subject: ann, roles: ['editor'], expiresAt: Date.now() + 8 * 3_600_000 })
   */
  async start(given: SessionTerms): Promise<GuardSession> {
    const terms = copyOf(given)
    const environment = this.#environment
    const { idempotencyKey: key, subject: by, roles, expiresAt, on = EVERYWHERE } = terms
    checkSubject('subject', by)
    if (!Array.isArray(roles)) throw new SallyportError('E_USAGE', 'roles must be a list of names')
    const compared = { roles, expiresAt, on: [on.type, on.id] }
    const row =
      key === undefined
        ? await insertNew(environment, records, this.#draft(terms))
        : await insertOnce(environment, records, { key, by, terms: compared }, async () => this.#draft(terms))
    return sessionOf(row, environment.now())
  }

  /** A session that the subject may begin. */
  #draft({ subject, roles, expiresAt, on = EVERYWHERE }: SessionTerms): Row<'sessions'> {
    const { engine, now, newId } = this.#environment
    const at = now()
    if (!Number.isSafeInteger(expiresAt) || expiresAt <= at) {
      throw new SallyportError('E_USAGE', 'expiresAt is a time in milliseconds that is still to come')
    }
    if (roles.length === 0) throw new SallyportError('E_SESSION', 'a session activates at least one role')
    for (const role of roles) {
      // Each by itself: what must not be active together may well be held.
      const active = engine.rolesOf({ subject, resource: on, state: { session: { roles: [role] } } }, { now: at })
      if (active.includes(role)) continue
      throw new SallyportError(
        'E_SESSION',
        `${subjectKey(subject)} does not hold the role ${JSON.stringify(role)} there`,
      )
    }
    const probe = { subject, action: { name: '' }, resource: on, state: { session: { roles } } }
    const { code, reason } = engine.evaluate(probe, { now: at })
    if (code === 'separation_of_duty') throw new SallyportError('E_SESSION', reason)
    return {
      id: newId('ses'),
      subject: subjectKey(subject),
      state: 'active',
      roles: JSON.stringify(roles),
      expires_at: expiresAt,
      created_at: at,
      document: '{}',
    }
  }

  /** @throws SallyportError `E_SESSION` when there is none with this id. */
  async get(id: string): Promise<GuardSession> {
    return sessionOf(await this.#row(id), this.#environment.now())
  }

  /** The sessions of a subject that are active. */
  async list(subject: SubjectRef): Promise<readonly GuardSession[]> {
    const { store, now } = this.#environment
    const where = [
      { column: 'subject', is: '=', value: subjectKey(subject) },
      { column: 'state', is: '=', value: 'active' },
      { column: 'expires_at', is: '>', value: now() },
    ] as const
    const rows = await store.find('sessions', { by: 'by_subject', where, limit: 1000 })
    return rows.map((row) => sessionOf(row, now()))
  }

  /** Ends a session; doing so twice is no mistake. */
  async end(id: string): Promise<GuardSession> {
    const { store, now } = this.#environment
    const row = await this.#row(id)
    await store.write([{ update: 'sessions', key: { id }, set: { state: 'ended' } }])
    return sessionOf({ ...row, state: 'ended' }, now())
  }

  /** What policies see of a session; undefined unless it is the subject's own, and active. */
  async active(id: string, subject: SubjectRef): Promise<ActiveSession | undefined> {
    const { store, now } = this.#environment
    const holder = subjectKey(subject)
    const row = fitsKey(id) ? await store.get('sessions', { id }) : undefined
    if (row === undefined || row.subject !== holder) return undefined
    const { state, roles, expiresAt } = sessionOf(row, now())
    return state === 'active' ? { id, roles, expires_at: expiresAt } : undefined
  }

  async #row(id: string): Promise<Row<'sessions'>> {
    const row = fitsKey(id) ? await this.#environment.store.get('sessions', { id }) : undefined
    if (row === undefined) throw new SallyportError('E_SESSION', `there is no session ${JSON.stringify(id)}`)
    return row
  }
}
