/** docs/cli.md has every verb. */
import { expect, test } from 'vitest'
import { verbs } from '../../src/cli/commands.ts'
import { readPage } from './markdown.ts'

test('the table at the start has every verb, and no other', () => {
  const { text } = readPage('docs/cli.md')
  const [table = ''] = /\| verb \|.*?\n\n/s.exec(text) ?? []
  const named = [...table.matchAll(/^\| \[`(\w+)`\]/gm)].map(([, verb]) => verb)
  expect(named.sort(), 'docs/cli.md has a row for each verb of src/cli/commands.ts').toEqual([...verbs].sort())
})
