/** A guard over policies with an example of all that it does, and requests to it. */
import { createEngine } from '../../../src/engine/index.ts'
import type { AccessRequest, Subject } from '../../../src/engine/types.ts'
import type { Guard, GuardOptions } from '../../../src/guard/index.ts'
import { createGuard } from '../../../src/guard/index.ts'
import type { PolicyDocument } from '../../../src/policy/document.ts'
import { memoryStore } from '../../../src/store/memory/index.ts'
import { hour, start, user } from './approval/support.ts'

const policies: PolicyDocument = {
  version: 1,
  roles: { manager: [], editor: [], auditor: [] },
  separation: { dynamic: [{ roles: ['editor', 'auditor'] }] },
  entities: { subjects: [{ type: 'user', id: 'mia', roles: ['manager'] }] },
  rules: [
    { id: 'mail', allow: 'mail:*' },
    { id: 'edit', allow: 'edit', to: { role: 'editor' } },
    { id: 'purge', review: 'purge', approval: { by: 'role:manager', within: '4h' }, obligations: [{ id: 'tell' }] },
    { id: 'unnamed', review: 'wipe' },
    { id: 'tired', deny: 'mail:news', when: { 'state.usage.news': { gte: 3, otherwise: false } } },
    { id: 'at-work', allow: 'work', when: { 'state.task.status': 'active' } },
    { id: 'lend', allow: 'delegate', to: { type: 'user' } },
    { id: 'own', allow: 'own:*', to: { id: 'ann' } },
  ],
}

interface Made {
  readonly guard: Guard
  readonly pass: (milliseconds: number) => void
}

export async function make(options: Partial<GuardOptions> = {}): Promise<Made> {
  let now = start
  const guard = createGuard({
    engine: await createEngine({ policies }),
    store: memoryStore(),
    clock: () => now,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    ...options,
  })
  const pass = (milliseconds: number): void => {
    now += milliseconds
  }
  return { guard, pass }
}

export function ask(name: string, subject: Subject = user('eve'), context?: AccessRequest['context']): AccessRequest {
  return { subject, action: { name }, resource: { type: 'record', id: 'r1' }, ...(context && { context }) }
}

/** So many hours after the start. */
export function guardTime(hours: number): number {
  return start + hours * hour
}
