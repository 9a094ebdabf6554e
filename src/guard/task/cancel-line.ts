/** Cancelling a task with all that is inside it. What is inside can no longer be worked on at once; the walk is for the record. */
import { SallyportError } from '../../errors.ts'
import type { Inventory } from '../inventory.ts'
import type { Tasks } from './index.ts'
import type { Task } from './record.ts'

const PAGE = 100

/**
 * @returns the task, and how many inside it were cancelled
 * @throws SallyportError `E_TASK`, `E_TASK_STATE`
 */
export async function cancelLine(
  { tasks, inventory }: { readonly tasks: Tasks; readonly inventory: Inventory },
  id: string,
  outcome: string,
): Promise<Task & { readonly below: number }> {
  const task = await tasks.cancel(id, outcome)
  let below = 0
  const waiting = [id]
  for (let parent = waiting.pop(); parent !== undefined; parent = waiting.pop()) {
    for (let after: string | undefined; ; ) {
      const page = await inventory.tasks({ parent, limit: PAGE, ...(after !== undefined && { after }) })
      for (const child of page) {
        waiting.push(child.id)
        if (await cancelled(tasks, child, outcome)) below++
      }
      if (page.length < PAGE) break
      after = page[page.length - 1]!.id
    }
  }
  return { ...task, below }
}

/** Whether it was still to be cancelled. */
async function cancelled(tasks: Tasks, { id, state }: Task, outcome: string): Promise<boolean> {
  if (state !== 'created' && state !== 'active') return false
  try {
    await tasks.cancel(id, outcome)
    return true
  } catch (error) {
    // Somebody has ended it between.
    if (error instanceof SallyportError && error.code === 'E_TASK_STATE') return false
    throw error
  }
}
