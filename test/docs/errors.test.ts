/** The pages name every code, limit and section in the sources, and no other. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultLimits } from '../../src/authzen/limits.ts'
import { exit } from '../../src/cli/exit.ts'
import { diagnosticCodes } from '../../src/policy/codes.ts'
import { firstCells, readPage, root, rows } from './markdown.ts'

const page = readPage('docs/errors.md')
const security = readPage('SECURITY.md')

/** The members of a union of strings, or of an enum, in a source file. */
function membersIn(file: string, start: string, end: string, member: RegExp): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const from = text.indexOf(start)
  expect(from, `${start} in ${file}`).toBeGreaterThanOrEqual(0)
  const to = text.indexOf(end, from + start.length)
  return [...text.slice(from, to < 0 ? undefined : to).matchAll(member)].map(([, name = '']) => name)
}

const thrown = membersIn('src/errors.ts', 'type ErrorCode =', '\nexport', /^ {2}\| '(\w+)'/gm)
const reasons = membersIn('src/text/reasons.ts', 'type ReasonCode =', '\n\n', /'(\w+)'/g)
const overHttp = membersIn('src/service/problem.ts', 'type ProblemCode =', '\n\n', /'(\w+)'/g)
const refusals = membersIn('src/middleware/refusal.ts', 'type RefusalCode =', '\n\n', /'(\w+)'/g)
const ofGuard = membersIn('src/guard/decision.ts', 'type GuardReason =', '\n\n', /^ {2}\| '(\w+)'/gm)
reasons.push(...membersIn('src/authzen/decision.ts', 'type ProfileReason =', '\n\n', /'(\w+)'/g))
const diagnostics = Object.keys(diagnosticCodes)

test.each([
  ['## Thrown errors', thrown],
  ['## Over HTTP', overHttp],
  ['## Of the middleware', refusals],
  ['## Reason codes', reasons],
  ['## Reason codes of the guard', ofGuard],
  ['## Mistakes in policies', diagnostics],
])('%s', (heading, codes) => {
  expect(codes.length).toBeGreaterThan(3)
  const advice = `docs/errors.md has a row for each of these under "${heading}"`
  expect(firstCells(page, heading).sort(), advice).toEqual([...codes].sort())
})

const abi = ['memory', 'image', 'cel']
  .map((name) => readFileSync(join(root, `assembly/abi/${name}.ts`), 'utf8'))
  .join('')

test('exit codes', () => {
  const signals = membersIn('src/cli/process-io.ts', 'const BROKEN_PIPE', '\n\n', /= (\d+)/g)
  expect(signals.length).toBe(2)
  expect(firstCells(page, '## Exit codes').sort()).toEqual([...Object.values(exit).map(String), ...signals].sort())
})

/** All files of a folder as one text. */
function textOf(folder: string): string {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts'))
  return files.map((file) => readFileSync(join(root, folder, file), 'utf8')).join('\n')
}

test('a test asks for every code that is thrown or told', () => {
  const tests = textOf('test')
  const unasked = [...thrown, ...diagnostics].filter((code) => !new RegExp(`'.*${code}\\b`).test(tests))
  expect(unasked, 'no test would notice if another code came').toEqual([])
})

test('no code in the sources is missing', () => {
  const used = new Set([...textOf('src').matchAll(/'([EW]_[A-Z_]+)'/g)].map(([, code = '']) => code))
  expect(used.size).toBeGreaterThan(30)
  const known = new Set([...thrown, ...overHttp, ...refusals, ...diagnostics])
  expect([...used].filter((code) => !known.has(code))).toEqual([])
})

test('the limits of the engine', () => {
  const limits = enumIn('Limit')
  expect(limits.length).toBeGreaterThan(5)
  expect(limitsInPage()).toEqual(expect.arrayContaining(limits))
})

test('the sections of an image', () => {
  const sections = enumIn('Section').filter(([name]) => name !== 'Count')
  expect(sections.length).toBeGreaterThan(15)
  const table = rows(readPage('docs/image.md'), '## Layout of an image').filter(([, name]) => name?.startsWith('`'))
  expect(table.map(([number, name]) => [name?.replaceAll('`', ''), Number(number)])).toEqual(sections)
})

test('the limits over HTTP', () => {
  expect(limitsInPage()).toEqual(expect.arrayContaining(Object.entries(defaultLimits)))
  expect(readFileSync(join(root, 'src/service/options.ts'), 'utf8')).toContain('options.maxBodyBytes ?? 1024 * 1024')
  expect(limitsInPage()).toContainEqual(['maxBodyBytes', 1024 * 1024])
})

function limitsInPage(): [string, number][] {
  return rows(security, '## Limits').map(([name = '', value = '']) => [
    name.replaceAll('`', ''),
    Number(value.replaceAll(',', '')),
  ])
}

/** The members of an enum in assembly/abi/: it is const, and so not there to be listed. */
function enumIn(name: string): [string, number][] {
  const start = abi.indexOf(`enum ${name} {`)
  const body = abi.slice(start, abi.indexOf('\n}', start))
  return [...body.matchAll(/^ {2}(\w+) = (\d+),/gm)].map(([, member = '', value]) => [member, Number(value)])
}
