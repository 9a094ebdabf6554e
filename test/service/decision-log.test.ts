import { mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/index.ts'
import { createGuard } from '../../src/guard/index.ts'
import { fileSink } from '../../src/service/decision-log.ts'
import { memoryStore } from '../../src/store/memory/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-log-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function guardTo(path: string, onError?: (error: unknown) => void) {
  const sink = fileSink(path)
  const engine = await createEngine({ policies: { version: 1, rules: [{ id: 'read', allow: 'read' }] } })
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const log = { sink, whenFull: 'wait', ...(onError && { onError }) } as const
  return { sink, guard: createGuard({ engine, store: memoryStore(), clock: Date.now, random, log }) }
}

const read = (id: string) => ({
  subject: { type: 'user', id },
  action: { name: 'read' },
  resource: { type: 'doc', id: 'd' },
})

test('a line for each decision, also after the file was moved away', async () => {
  const path = join(folder, 'decisions.jsonl')
  const { guard, sink } = await guardTo(path)
  await Promise.all(Array.from({ length: 300 }, (_, i) => guard.authorize(read(`u${i}`))))
  await guard.log?.flush()
  renameSync(path, `${path}.1`)
  await guard.authorize(read('later\nsecond line'))
  await guard.log?.flush()
  await sink.close()
  const lines = readFileSync(`${path}.1`, 'utf8').trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line).subject)).toEqual(Array.from({ length: 300 }, (_, i) => `user:u${i}`))
  expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(1)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a file that cannot be written is told of, and decides nothing', async () => {
  const errors: unknown[] = []
  const { guard } = await guardTo(join(folder, 'missing', 'x.jsonl'), (error) => errors.push(error))
  expect((await guard.authorize(read('eve'))).decision).toBe(true)
  await guard.log?.flush()
  expect(errors).toMatchObject([{ code: 'E_FILE' }])
  expect(guard.log?.missing).toEqual({ dropped: 0, lost: 1 })
})
