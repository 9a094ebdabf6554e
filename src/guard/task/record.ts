/** Tasks as the store has them, and as callers see them. */
import type { Scope } from '../../delegation/scope.ts'
import type { Row } from '../../store/port.ts'
import { type SubjectRef, subjectOf } from '../subject-key.ts'
import { type KeptTaskState, type TaskState, taskStateAt } from './state.ts'

export interface Task {
  readonly id: string
  /** The task that this one is a part of. */
  readonly parent?: string
  /** Who works on it. */
  readonly owner: SubjectRef
  readonly state: TaskState
  /** What may be done for it. */
  readonly scopes: readonly Scope[]
  readonly title: string
  /** Why it failed or was cancelled; what came of it. */
  readonly outcome: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  readonly createdAt: number
}

export interface TaskDocument {
  readonly title: string
  readonly outcome: string
  /** How many tasks it is inside of. */
  readonly depth: number
}

export function taskOf(row: Row<'tasks'>, now: number): Task {
  const { title, outcome } = taskDocument(row)
  return {
    id: row.id,
    ...(row.parent !== '' && { parent: row.parent }),
    owner: subjectOf(row.owner),
    state: stateOf(row, now),
    scopes: scopesOf(row),
    title,
    outcome,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
  }
}

export function taskDocument({ document }: Row<'tasks'>): TaskDocument {
  return JSON.parse(document) as TaskDocument
}

export function scopesOf({ scope }: Row<'tasks'>): readonly Scope[] {
  return JSON.parse(scope) as readonly Scope[]
}

export function stateOf({ state, expires_at }: Row<'tasks'>, now: number): TaskState {
  return taskStateAt(state as KeptTaskState, expires_at, now)
}
