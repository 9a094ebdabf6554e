/** What authzen-policy-backend was recorded to do: every case equal. */
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { chooseRunner } from '../../../scripts/vectors/choose.ts'
import { replayFolders } from '../../../scripts/vectors/replay.ts'
import { api } from './api.ts'

test('all are equal', async () => {
  const lines: string[] = []
  const folder = fileURLToPath(new URL('../../vectors/authzen-pep', import.meta.url))
  const totals = await replayFolders([folder], { api, chooseRunner, print: (line) => lines.push(line) })
  expect(lines.filter((line) => line.startsWith('  '))).toEqual([])
  expect(totals).toMatchObject({ failed: 0, skipped: 0, passed: 126 })
})
