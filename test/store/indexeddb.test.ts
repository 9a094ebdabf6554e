/** The contract on a page in Chromium. */
import { expect, test } from 'vitest'
import { findChromium, runPage } from '../runtimes/chromium.mjs'
import { describeIf } from './present.ts'
import { passed } from './report.ts'

describeIf(findChromium(), 'IndexedDB in Chromium', () => {
  test('keeps the contract', async () => {
    const report = await runPage('test/store/page.ts', (it) => it)
    expect(report).toEqual({ ...passed, upgrade: null, 'two pages': null })
  })
})
