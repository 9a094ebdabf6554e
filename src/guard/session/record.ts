/** Sessions as the store has them, and as callers see them. */
import type { Row } from '../../store/port.ts'
import { type SubjectRef, subjectOf } from '../subject-key.ts'

export type SessionState = 'active' | 'ended' | 'expired'

export interface GuardSession {
  readonly id: string
  readonly subject: SubjectRef
  readonly state: SessionState
  readonly roles: readonly string[]
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  readonly createdAt: number
}

export function sessionOf(
  { id, subject, state, roles, expires_at, created_at }: Row<'sessions'>,
  now: number,
): GuardSession {
  return {
    id,
    subject: subjectOf(subject),
    state: state === 'active' && now >= expires_at ? 'expired' : (state as SessionState),
    roles: JSON.parse(roles) as readonly string[],
    expiresAt: expires_at,
    createdAt: created_at,
  }
}
