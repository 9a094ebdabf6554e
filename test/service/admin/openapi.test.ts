/** Administration in the OpenAPI document of a service that has it, beside all else. */
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { adminOperations } from '../../../src/service/admin/api.ts'
import { decisionDescriptions } from '../../../src/service/api/operations.ts'
import { authzenOperations } from '../../../src/service/authzen-operations.ts'
import { startService } from './support.ts'

test('it is valid OpenAPI 3.1, and has every operation with its permission', async () => {
  const { app } = await startService()
  const document = (await (await app.request('/openapi.json')).json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly 'x-permission'?: string }>>>>
  }
  const { valid, errors } = await new Validator().validate(structuredClone(document))
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
  for (const { path, method, permission } of adminOperations) {
    expect(document.paths[path]?.[method.toLowerCase()]?.['x-permission'], path).toBe(permission)
  }
})

test('names of operations and of schemas mean one thing in all APIs', () => {
  const all = [...authzenOperations, ...decisionDescriptions, ...adminOperations]
  const ids = all.map(({ operationId }) => operationId)
  expect(new Set(ids).size).toBe(ids.length)
  const named = new Map<string, string>()
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { $id } = value as { readonly $id?: unknown }
    if (typeof $id === 'string') {
      const text = JSON.stringify(value)
      expect(named.get($id) ?? text, $id).toBe(text)
      named.set($id, text)
    }
    for (const one of Object.values(value)) walk(one)
  }
  walk(all)
  expect(named.size).toBeGreaterThan(50)
})
