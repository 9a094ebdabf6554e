/** docs/authzen.md: every test that a requirement names exists, under that name. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readPage, root, rows } from './markdown.ts'

const page = readPage('docs/authzen.md')
const headings = [...page.text.matchAll(/^#+ (?:Requirements|Attacks|.*: requirements)$/gm)].map(([heading]) => heading)
const requirements = headings.flatMap((heading) => rows(page, heading))

/** `file`: name · name · `file`: name. */
function namedTests(cell: string): { file: string; name: string }[] {
  let file = ''
  return cell.split(' · ').map((part) => {
    const [, named, name = part] = /^`([^`]+)`: (.*)$/s.exec(part) ?? []
    file = named ?? file
    return { file, name }
  })
}

/** Whether a file has a test with this title: `it('…'`, or `it.each(…)('…'`. */
function hasTest(file: string, name: string): boolean {
  const path = join(root, 'test', file)
  if (!existsSync(path)) return false
  const title = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll("'", "\\\\?'")
  return new RegExp(`(?:\\b(?:it|test)|\\))\\(\\s*(['"\`])${title}\\1,`).test(readFileSync(path, 'utf8'))
}

test('there are requirements, and a way to tell tests that are not there', () => {
  expect(requirements.length).toBeGreaterThan(35)
  expect(hasTest('docs/authzen.test.ts', 'there are requirements, and a way to tell tests that are not there')).toBe(
    true,
  )
  expect(hasTest('docs/authzen.test.ts', 'there are requirements')).toBe(false)
})

test.each(requirements)('%s: %s', (_section, _requirement, shown = '') => {
  const named = namedTests(shown)
  expect(named.length).toBeGreaterThan(0)
  expect(named.filter(({ file, name }) => !hasTest(file, name))).toEqual([])
})
