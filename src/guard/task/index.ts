/** Tasks: what an agent works on narrows what it may do. A task grants nothing; it lies over what policies and delegations allow. */
import { excessOf } from '../../delegation/containment.ts'
import { Coverage } from '../../delegation/coverage.ts'
import { readScopes, type Scope } from '../../delegation/scope.ts'
import type { AccessRequest, EvaluateOptions } from '../../engine/types.ts'
import { SallyportError } from '../../errors.ts'
import type { Row } from '../../store/port.ts'
import { fitsKey } from '../../store/values.ts'
import { copyOf } from '../copy.ts'
import type { GuardEnvironment } from '../environment.ts'
import { insertNew, insertOnce, type Records } from '../insert-once.ts'
import { checkSubject, type SubjectRef, sameSubject, subjectKey, subjectOf } from '../subject-key.ts'
import { scopesOf, stateOf, type Task, type TaskDocument, taskDocument, taskOf } from './record.ts'
import { type TaskState, type TaskTransition, taskTransitions } from './state.ts'

/** The most tasks inside one another. */
const DEEPEST = 8

export interface TaskTerms {
  /** Who works on it. */
  readonly owner: SubjectRef
  /** What may be done for it; inside of what its parent covers. */
  readonly scopes: readonly Scope[]
  /** Milliseconds since 1970; not after its parent's. */
  readonly expiresAt: number
  readonly parent?: string
  readonly title?: string
  /** Calls with the same key for the same owner make one task, for 30 days. */
  readonly idempotencyKey?: string
}

/** What policies see as `state.task`: as it is now, and so are those around it. */
export interface TaskInState {
  readonly id: string
  readonly status: TaskState
  readonly owner: string
  readonly expires_at: number
  readonly parent?: TaskInState
}

export type Work =
  | { readonly outcome: 'covered'; readonly state: TaskInState }
  /** It, or one around it, is not active, or is another's. */
  | { readonly outcome: 'inactive' | 'outside'; readonly why: string }

const records: Records<Row<'tasks'>> = {
  table: 'tasks',
  find: (store, id) => store.get('tasks', { id }),
  insert: (row) => ({ insert: 'tasks', row }),
}

export class Tasks {
  readonly #environment: GuardEnvironment
  readonly #coverage = new Coverage()

  constructor(environment: GuardEnvironment) {
    this.#environment = environment
  }

  /**
   * Makes a task; it can be worked on once it is started.
   *
   * @throws SallyportError `E_USAGE`, `E_SCOPE`; `E_TASK` when there is no such parent; `E_TASK_STATE` when the parent is over; `E_TASK_EXCEEDS` when the
   * task is wider, lasts longer or lies deeper than it may; `E_IDEMPOTENCY` when the key was used for other terms.
   * @example await guard.tasks.create({ owner: planner, scopes: [{ actions: 'travel:*', on: 'trip' }], expiresAt })
   */
  async create(given: TaskTerms): Promise<Task> {
    const terms = copyOf(given)
    const environment = this.#environment
    const { idempotencyKey: key, owner, ...compared } = terms
    checkSubject('owner', owner)
    const row =
      key === undefined
        ? await insertNew(environment, records, await this.#draft(terms))
        : await insertOnce(environment, records, { key, by: owner, terms: compared }, () => this.#draft(terms))
    return taskOf(row, environment.now())
  }

  /** A task that lies inside of its parent. */
  async #draft({ owner, scopes, expiresAt, parent, title = '' }: TaskTerms): Promise<Row<'tasks'>> {
    const { now, newId } = this.#environment
    const at = now()
    const read = readScopes(scopes)
    if (!Number.isSafeInteger(expiresAt) || expiresAt <= at) {
      throw new SallyportError('E_USAGE', 'expiresAt is a time in milliseconds that is still to come')
    }
    const outer = parent === undefined ? undefined : await this.#row(parent)
    const depth = outer === undefined ? 0 : taskDocument(outer).depth + 1
    if (outer !== undefined) {
      const state = stateOf(outer, at)
      if (state !== 'created' && state !== 'active') throw over(outer.id, state)
      if (depth >= DEEPEST) throw exceeds(`at most ${DEEPEST} tasks may lie inside one another`)
      if (expiresAt > outer.expires_at) throw exceeds('a task cannot last longer than the one that it is a part of')
      const excess = excessOf(read, readScopes(scopesOf(outer)))
      if (excess !== undefined) throw exceeds(excessText(excess))
    }
    const document: TaskDocument = { title, outcome: '', depth }
    return {
      id: newId('tsk'),
      parent: parent ?? '',
      owner: subjectKey(owner),
      state: 'created',
      scope: JSON.stringify(scopes),
      expires_at: expiresAt,
      created_at: at,
      document: JSON.stringify(document),
    }
  }

  /** @throws SallyportError `E_TASK` when there is none with this id. */
  async get(id: string): Promise<Task> {
    return taskOf(await this.#row(id), this.#environment.now())
  }

  /** @throws SallyportError `E_TASK`; `E_TASK_STATE` unless it was created and not begun. */
  start(id: string): Promise<Task> {
    return this.#change(id, 'start', '')
  }

  /** Ends a task that was worked on; those inside of it can no longer be worked on. */
  complete(id: string, outcome = ''): Promise<Task> {
    return this.#change(id, 'complete', outcome)
  }

  fail(id: string, outcome = ''): Promise<Task> {
    return this.#change(id, 'fail', outcome)
  }

  cancel(id: string, outcome = ''): Promise<Task> {
    return this.#change(id, 'cancel', outcome)
  }

  /** Whether the request is work on the task: the subject is its owner, it and all around it are active and cover the request. */
  async covers(id: string, asked: AccessRequest, said: EvaluateOptions): Promise<Work> {
    const [request, options] = copyOf([asked, said] as const)
    const { store, now } = this.#environment
    const line: Row<'tasks'>[] = []
    for (let next = id; next !== '' && line.length < DEEPEST; next = line.at(-1)?.parent ?? '') {
      const row = fitsKey(next) ? await store.get('tasks', { id: next }) : undefined
      if (row === undefined) return { outcome: 'inactive', why: `there is no task ${JSON.stringify(next)}` }
      line.push(row)
    }
    const at = now()
    const [own] = line
    if (own === undefined || !sameSubject(subjectOf(own.owner), request.subject)) {
      return { outcome: 'inactive', why: `the task ${JSON.stringify(id)} is another's` }
    }
    for (const row of line) {
      const state = stateOf(row, at)
      if (state !== 'active') return { outcome: 'inactive', why: `the task ${JSON.stringify(row.id)} is ${state}` }
    }
    for (const row of line) {
      if (await this.#coverage.covers(scopesOf(row), request, options)) continue
      return { outcome: 'outside', why: `this is no part of the task ${JSON.stringify(row.id)}` }
    }
    const state = line.reduceRight<TaskInState | undefined>((parent, row) => inState(row, at, parent), undefined)
    return { outcome: 'covered', state: state! }
  }

  async #change(id: string, transition: TaskTransition, outcome: string): Promise<Task> {
    const { store, now } = this.#environment
    const { from, to } = taskTransitions[transition]
    const row = await this.#row(id)
    const at = now()
    const state = stateOf(row, at)
    if (!(from as readonly TaskState[]).includes(state)) throw over(id, state)
    const set = { state: to, document: JSON.stringify({ ...taskDocument(row), outcome }) }
    const when = [
      { column: 'state', is: '=', value: row.state },
      { column: 'expires_at', is: '>', value: at },
    ] as const
    const { applied } = await store.write([{ update: 'tasks', key: { id }, set, when }])
    if (!applied) throw over(id, 'changed by somebody else')
    return taskOf({ ...row, ...set }, at)
  }

  async #row(id: string): Promise<Row<'tasks'>> {
    const row = fitsKey(id) ? await this.#environment.store.get('tasks', { id }) : undefined
    if (row === undefined) throw new SallyportError('E_TASK', `there is no task ${JSON.stringify(id)}`)
    return row
  }
}

function inState(row: Row<'tasks'>, now: number, parent: TaskInState | undefined): TaskInState {
  const { id, owner, expires_at } = row
  return { id, status: stateOf(row, now), owner, expires_at, ...(parent && { parent }) }
}

function excessText({ scope, example }: NonNullable<ReturnType<typeof excessOf>>): string {
  if (example === undefined) return `scopes[${scope}] is too intricate to be compared; use simpler patterns`
  const { action, type, id } = example
  const shown = [action, type, id].map((part) => JSON.stringify(part)).join(', ')
  return `scopes[${scope}] covers what the task around it does not, such as ${shown}`
}

function over(id: string, state: string): SallyportError {
  return new SallyportError('E_TASK_STATE', `the task ${JSON.stringify(id)} is ${state}`)
}

function exceeds(message: string): SallyportError {
  return new SallyportError('E_TASK_EXCEEDS', message)
}
