import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createApiKey, readApiKeys } from '../../src/service/auth/index.ts'
import { cli, folder } from './support.ts'

const now = Date.parse('2026-05-01T12:00:00Z')

it('prints a key once, and its record', async () => {
  const { code, stdout } = await cli([
    'key',
    'create',
    'pep-1',
    '--tenant',
    'acme',
    '--tenant',
    'bolt',
    '--role',
    'operator',
  ])
  const { key, record } = JSON.parse(stdout)
  expect(code).toBe(0)
  expect(key).toMatch(new RegExp(`^spk_${record.id}_`))
  expect(readApiKeys({ keys: [record] }).get(record.id)).toMatchObject({
    caller: { id: 'pep-1', tenants: ['acme', 'bolt'], attributes: { roles: ['operator'] } },
    expires: Number.POSITIVE_INFINITY,
  })
})

it('adds records to a file, and never the key', async () => {
  const cwd = await folder({})
  const create = (...argv: string[]) => cli(['key', 'create', ...argv, '--keys', 'keys.json'], { cwd, now })
  const first = await create('pep-1', '--all-tenants', '--expires', 'P90D')
  const second = await create('pep-1', '--all-tenants')
  const text = await readFile(join(cwd, 'keys.json'), 'utf8')
  for (const { stdout } of [first, second]) {
    expect(stdout).toMatch(/^spk_[0-9a-f]{16}_[\w-]{43}\n$/)
    expect(text).not.toContain(stdout.trim().slice(-43))
  }
  const records = [...readApiKeys(JSON.parse(text)).values()]
  expect(records.map(({ caller, expires }) => [caller.id, caller.tenants, expires])).toEqual([
    ['pep-1', 'all', now + 90 * 86_400_000],
    ['pep-1', 'all', Number.POSITIVE_INFINITY],
  ])
})

it('leaves a file that is damaged as it is', async () => {
  const cwd = await folder({ 'keys.json': '{"keys":[{"id":"x"}]}' })
  const { code, stderr } = await cli(['key', 'create', 'a', '--all-tenants', '--keys', 'keys.json'], { cwd })
  expect([code, stderr]).toEqual([2, expect.stringContaining('keys[0].id is 16 hexadecimal digits')])
  expect(await readFile(join(cwd, 'keys.json'), 'utf8')).toBe('{"keys":[{"id":"x"}]}')
})

it.each([
  [[], 'key needs create'],
  [['create'], 'needs the name of a caller'],
  [['create', 'a'], 'needs either --tenant NAME'],
  [['create', 'a', '--tenant', 'x', '--all-tenants'], 'needs either --tenant NAME'],
  [['create', 'a', '--all-tenants', '--expires', '90 days'], '--expires: "90 days" is not an ISO 8601 duration'],
])('%j is wrong usage', async (argv, message) => {
  const { code, stderr } = await cli(['key', ...argv])
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
})

it('makes keys that differ in every part', async () => {
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const keys = await Promise.all(Array.from({ length: 50 }, () => createApiKey(random)))
  expect(new Set(keys.map(({ id }) => id)).size).toBe(50)
  expect(new Set(keys.map(({ key }) => key.slice(-43))).size).toBe(50)
})
