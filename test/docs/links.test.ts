/** Links inside the documentation lead somewhere. */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { anchorsOf, linksOf, readPages, root } from './markdown.ts'

const pages = readPages()

test('there are pages, and the index names all of docs/', () => {
  const index = pages.find(({ name }) => name === 'docs/README.md')
  const linked = index === undefined ? [] : linksOf(index).map(({ target }) => target)
  const below = pages.map(({ name }) => name).filter((name) => name.startsWith('docs/') && name !== 'docs/README.md')
  expect(below.length).toBeGreaterThan(10)
  expect(below.filter((name) => !linked.includes(name))).toEqual([])
})

test.each(pages.map((page) => [page.name, page] as const))('%s', (_name, page) => {
  const broken = linksOf(page).filter(({ target, anchor }) => {
    const path = join(root, target)
    if (!existsSync(path)) return true
    if (anchor === '') return false
    const to = pages.find(({ name }) => name === target)
    return statSync(path).isDirectory() || to === undefined || !anchorsOf(to.text).has(anchor)
  })
  expect(broken).toEqual([])
})
