/** All there is of what the guard keeps, whoever it belongs to: for administrators. Who may look is asked before. */
import type { Guard as Condition } from '../store/port.ts'
import { type ApprovalRequest, requestOf } from './approval/record.ts'
import { type Delegation, delegationOf, readRecord } from './delegation/record.ts'
import type { GuardEnvironment } from './environment.ts'
import { type GuardSession, sessionOf } from './session/record.ts'
import { type SubjectRef, subjectKey } from './subject-key.ts'
import { type Task, taskOf } from './task/record.ts'

export interface Page {
  /** The last id of the page before. */
  readonly after?: string
  /** 1 to 1000. */
  readonly limit: number
}

/** In the order of their ids, which says nothing. */
export class Inventory {
  readonly #environment: GuardEnvironment

  constructor(environment: GuardEnvironment) {
    this.#environment = environment
  }

  async delegations(
    page: Page & { readonly grantor?: SubjectRef; readonly grantee?: SubjectRef },
  ): Promise<readonly Delegation[]> {
    const { store, now } = this.#environment
    const where: Condition<'delegations'>[] = []
    if (page.grantor !== undefined) where.push({ column: 'grantor', is: '=', value: subjectKey(page.grantor) })
    if (page.grantee !== undefined) where.push({ column: 'grantee', is: '=', value: subjectKey(page.grantee) })
    const rows = await store.find('delegations', { where, ...bounds(page) })
    return rows.map((row) => delegationOf(readRecord(row), now()))
  }

  async approvals(page: Page & { readonly requester?: SubjectRef }): Promise<readonly ApprovalRequest[]> {
    const { store, now } = this.#environment
    const where: Condition<'approvals'>[] = []
    if (page.requester !== undefined) where.push({ column: 'requester', is: '=', value: subjectKey(page.requester) })
    const rows = await store.find('approvals', { where, ...bounds(page) })
    return rows.map((row) => requestOf(row, now()))
  }

  async sessions(page: Page & { readonly subject?: SubjectRef }): Promise<readonly GuardSession[]> {
    const { store, now } = this.#environment
    const where: Condition<'sessions'>[] = []
    if (page.subject !== undefined) where.push({ column: 'subject', is: '=', value: subjectKey(page.subject) })
    const rows = await store.find('sessions', { where, ...bounds(page) })
    return rows.map((row) => sessionOf(row, now()))
  }

  async tasks(page: Page & { readonly owner?: SubjectRef; readonly parent?: string }): Promise<readonly Task[]> {
    const { store, now } = this.#environment
    const where: Condition<'tasks'>[] = []
    if (page.owner !== undefined) where.push({ column: 'owner', is: '=', value: subjectKey(page.owner) })
    if (page.parent !== undefined) where.push({ column: 'parent', is: '=', value: page.parent })
    const rows = await store.find('tasks', { where, ...bounds(page) })
    return rows.map((row) => taskOf(row, now()))
  }
}

function bounds({ after, limit }: Page): { readonly limit: number; readonly after?: { readonly id: string } } {
  return { limit, ...(after !== undefined && { after: { id: after } }) }
}
