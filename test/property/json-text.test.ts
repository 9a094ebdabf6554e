/** JSON is read by a parser of its own. What it makes of a text, places included, must be what the one for YAML makes of it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Node, type Position, placeOf, rangeOf } from '../../src/policy/node.ts'
import { Report } from '../../src/policy/report.ts'
import { readText } from '../../src/policy/text.ts'

const blank = fc.constantFrom('', '', ' ', '\n', '  \n ', '\r\n')
const key = fc.constantFrom('a', 'b', '__proto__', '<<', 'é', '\\u0041', '\\ud800', 'k\\n', '')
const literal = fc.oneof(
  fc.constantFrom(
    'null',
    'true',
    'false',
    '0',
    '-0',
    '1.50',
    '1e400',
    '-7E-2',
    '9007199254740993',
    '-123456789012345678901',
  ),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc.constantFrom('"\\ud83d\\ude00"', '"\\udc00"', '"a\\/b"', '"\\u0000"', '"# no comment"', '"&a *a !t"'),
)
const { value } = fc.letrec<{ value: string; list: string; map: string }>((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, literal, tie('list'), tie('map')),
  list: fc
    .array(fc.tuple(blank, tie('value'), blank))
    .map((items) => `[${items.map((item) => item.join('')).join(',')}]`),
  map: fc
    .array(fc.tuple(blank, key, blank, tie('value'), blank), { maxLength: 5 })
    .map((entries) => `{${entries.map(([a, name, b, item, c]) => `${a}"${name}"${b}:${b} ${item}${c}`).join(',')}}`),
}))
const documents = fc.tuple(blank, fc.oneof(value.filter((text) => /^[[{]/.test(text))), blank)

test('JSON and YAML make the same tree of a JSON text', () => {
  let broken = 0
  fc.assert(
    fc.property(documents, (parts) => {
      const text = parts.join('')
      const [json, ...more] = read(text)
      expect(more).toEqual([])
      // A comment makes it YAML, and moves nothing.
      expect(json).toEqual(read(`${text}\n# YAML`)[0])
      if (JSON.stringify(json).includes('E_')) broken++
    }),
    { numRuns: 500 },
  )
  expect(broken).toBeGreaterThan(50)
})

function read(text: string): unknown[] {
  const report = new Report()
  const nodes = readText('p.json', text, report).map(plain)
  expect(report.failed).toBe(false)
  return nodes
}

/** A tree that can be compared: places as people read them. */
function plain(node: Node): unknown {
  const { kind } = node
  const at = place(node.at)
  if (node.kind === 'scalar') return { kind, at, value: node.scalar }
  if (node.kind === 'list') return { kind, at, items: node.items.map(plain) }
  if (node.kind === 'broken') return { kind, at, code: node.code, found: node.found, advice: node.advice }
  const entries = [...node.entries].map(([name, entry]) => [name, place(entry.at), plain(entry.value)])
  return { kind, at, entries, problems: node.problems.map((problem) => ({ ...problem, at: place(problem.at) })) }
}

function place(at: Position): unknown {
  return { ...placeOf(at), range: rangeOf(at) }
}
