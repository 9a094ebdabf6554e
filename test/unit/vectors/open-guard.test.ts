/** Decisions that were recorded by running open-guard: every case equal, but those in which ours is stricter on purpose. */
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { chooseRunner } from '../../../scripts/vectors/choose.ts'
import { findVectors, readVectors } from '../../../scripts/vectors/files.ts'
import { replayFolders } from '../../../scripts/vectors/replay.ts'
import { api } from './api.ts'

const folder = fileURLToPath(new URL('../../vectors/open-guard', import.meta.url))

const exact =
  'asks with other attributes than what was rejected; ours binds an approval to the exact request, and asks anew'
const stricter = [
  `  skipped approvals-0027: step 6 ${exact}`,
  `  skipped approvals-0054: step 3 ${exact}`,
  `  skipped approvals-0084: step 8 ${exact}`,
  '  skipped delegation-0019: step 5 uses d2 (lapsed), which is over; ours is stricter, and denies',
  '  skipped delegation-0047: step 7 uses d0 (lapsed), d2 (lapsed), which is over; ours is stricter, and denies',
  '  skipped delegation-0080: step 11 uses d2 (expired), which is over; ours is stricter, and denies',
]

test('all are equal', async () => {
  const lines: string[] = []
  const { failed, skipped, passed } = await replayFolders([folder], {
    api,
    chooseRunner,
    print: (line) => lines.push(line),
  })
  expect(lines.filter((line) => line.startsWith('  '))).toEqual(stricter)
  expect([failed, skipped]).toEqual([0, stricter.length])
  const files = await Promise.all((await findVectors(folder)).map((path) => readVectors(path, api)))
  expect(passed + skipped).toBe(files.reduce((sum, file) => sum + (file?.cases.length ?? 0), 0))
  expect(passed).toBeGreaterThan(1600)
}, 60_000)
