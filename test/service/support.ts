/** What the service tests share: the example's engine, an app over it, and short ways to call it. */
import type { Hono } from 'hono'
import type { JsonObject } from '../../src/authzen/json.ts'
import { createEngine } from '../../src/engine/index.ts'
import type { Engine } from '../../src/engine/types.ts'
import { type AppOptions, createApp } from '../../src/service/app.ts'
import { readPolicies } from '../../src/service/load.ts'

export async function recordsEngine(): Promise<Engine> {
  return createEngine({ policies: await readPolicies('examples/records/policies') })
}

export async function recordsApp(options: Omit<AppOptions, 'engine' | 'engines'> = {}): Promise<Hono> {
  return createApp({ engine: await recordsEngine(), ...options })
}

export const alice = { type: 'user', id: 'alice' }
export const bob = { type: 'user', id: 'bob' }
export const read = { name: 'read' }
export const write = { name: 'write' }
export const record1 = { type: 'record', id: 'record-1' }
export const record2 = { type: 'record', id: 'record-2' }
/** Allowed by the example's policies. */
export const request = { subject: alice, action: read, resource: record1 }

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: JsonObject
}

/** Sends a body (an object, or a text as it is) to an app and reads the JSON answer. */
export async function post(
  app: Hono,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return readAnswer(await app.request(path, postInit(body, headers)))
}

export function postInit(body: unknown, headers: Record<string, string> = {}) {
  return {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }
}

export async function readAnswer(response: Response): Promise<Answer> {
  return { status: response.status, headers: response.headers, body: (await response.json()) as JsonObject }
}
