/** Decisions that were recorded by running open-guard: every case equal, status and votes with their policies. */
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { chooseRunner } from '../../../scripts/vectors/choose.ts'
import { findVectors, readVectors } from '../../../scripts/vectors/files.ts'
import { replayFolders } from '../../../scripts/vectors/replay.ts'
import { api } from './api.ts'

const folder = fileURLToPath(new URL('../../vectors/open-guard', import.meta.url))

test('all are equal', async () => {
  const lines: string[] = []
  const { failed, skipped, passed } = await replayFolders([folder], {
    api,
    chooseRunner,
    print: (line) => lines.push(line),
  })
  expect(lines.filter((line) => line.startsWith('  '))).toEqual([])
  expect([failed, skipped]).toEqual([0, 0])
  const files = await Promise.all((await findVectors(folder)).map((path) => readVectors(path, api)))
  expect(passed).toBe(files.reduce((sum, file) => sum + (file?.cases.length ?? 0), 0))
  expect(passed).toBeGreaterThan(1600)
}, 60_000)
