/** What authzen-policy-backend was recorded to do: every case equal. */
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { chooseRunner } from '../../../scripts/vectors/choose.ts'
import { replayFolders } from '../../../scripts/vectors/replay.ts'
import { createEngine } from '../../../src/index.ts'
import { runStore } from '../../../src/openfga/run-store.ts'
import { loadStore } from '../../../src/openfga/store-file.ts'
import * as pep from '../../../src/pep/index.ts'
import * as openGuard from '../../../src/policy/dialects/open-guard/index.ts'

test('all are equal', async () => {
  const lines: string[] = []
  const api = { createEngine, openGuard, pep, openFga: { loadStore, runStore } }
  const folder = fileURLToPath(new URL('../../vectors/authzen-pep', import.meta.url))
  const totals = await replayFolders([folder], { api, chooseRunner, print: (line) => lines.push(line) })
  expect(lines.filter((line) => line.startsWith('  '))).toEqual([])
  expect(totals).toMatchObject({ failed: 0, skipped: 0, passed: 126 })
})
