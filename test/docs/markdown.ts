/** The documentation as data: its pages and their code blocks. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Page {
  /** Path from the root of the repository. */
  readonly name: string
  readonly text: string
  readonly blocks: readonly Block[]
}

export interface Block {
  readonly language: string
  /** What follows the language: a file name, or nothing. */
  readonly file: string
  readonly text: string
  /** Of the opening fence, from 1. */
  readonly line: number
}

/** The pages at the root and below docs/, in order. */
export function readPages(): Page[] {
  const names = [...listFiles(root, false), ...listFiles(join(root, 'docs'), true)]
  return names.map((path) => {
    const text = readFileSync(path, 'utf8')
    return { name: relative(root, path), text, blocks: blocksOf(text) }
  })
}

export function readPage(name: string): Page {
  const page = readPages().find((one) => one.name === name)
  if (page === undefined) throw new Error(`there is no page ${name}`)
  return page
}

/** The first cells of the tables in a section (to the next heading), without code marks. */
export function firstCells(page: Page, heading: string): string[] {
  return rows(page, heading).map(([first = '']) => first.replaceAll('`', ''))
}

/** The rows of the tables in a section, without their heads. */
export function rows(page: Page, heading: string): string[][] {
  const start = page.text.indexOf(`\n${heading}\n`)
  if (start < 0) throw new Error(`${page.name} has no heading ${heading}`)
  const after = page.text.slice(start + heading.length + 2)
  const end = after.search(/^#/m)
  const lines = after
    .slice(0, end < 0 ? undefined : end)
    .split('\n')
    .filter((line) => line.startsWith('|'))
  return lines
    .filter((line, i) => !isRule(line) && !isRule(lines[i + 1] ?? ''))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    )
}

function isRule(line: string): boolean {
  return /^\|(?: -+ \|)+$/.test(line)
}

/** The names that headings get as anchors on GitHub. */
export function anchorsOf(text: string): Set<string> {
  const outside = text.replace(/^```.*?^```/gms, '')
  const headings = [...outside.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title)
  return new Set(
    headings.map((title) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

/** Relative links with where they lead: a path from the root and an anchor. */
export function linksOf(page: Page): { target: string; anchor: string }[] {
  const outside = page.text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '')
  return [...outside.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [path = '', anchor = ''] = link.split('#')
      return { target: path === '' ? page.name : join(dirname(page.name), path), anchor }
    })
}

function listFiles(folder: string, deep: boolean): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return deep ? listFiles(path, true) : []
      return entry.name.endsWith('.md') ? [path] : []
    })
}

function blocksOf(text: string): Block[] {
  const blocks: Block[] = []
  for (const match of text.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)) {
    const [, language = '', file = '', content = ''] = match
    blocks.push({ language, file, text: content, line: text.slice(0, match.index).split('\n').length })
  }
  return blocks
}
