/** `ignore_case`: every operator on strings, on both sides, in lists and in references. */
import { expect, test } from 'vitest'
import type { Tests } from '../../../src/policy/document.ts'
import { ask, engineWhen } from './support.ts'

const cases: readonly (readonly [string, Tests, unknown, boolean])[] = [
  ['eq', { eq: 'Report' }, 'rEPORT', true],
  ['eq beyond ASCII', { eq: 'ÄRGER' }, 'ärger', true],
  ['eq of other letters', { eq: 'STRASSE' }, 'straße', false],
  ['eq of lists', { eq: ['A', ['b', 1]] }, ['a', ['B', 1]], true],
  ['neq', { neq: 'A' }, 'a', false],
  ['in', { in: ['X', 'Y'] }, 'y', true],
  ['not_in', { not_in: ['X', 'Y'] }, 'y', false],
  // 'B' is before 'a' by code point, and after it by letter.
  ['gt', { gt: 'a' }, 'B', true],
  ['lte', { lte: 'B' }, 'a', true],
  ['contains, of a string', { contains: 'CRE' }, 'seCret', true],
  ['contains, of a list', { contains: 'admin' }, ['Admin'], true],
  ['not_contains', { not_contains: 'CRE' }, 'seCret', false],
  ['contains_any', { contains_any: ['A', 'Z'] }, ['a'], true],
  ['contains_all', { contains_all: ['A', 'B'] }, ['b', 'a'], true],
  ['is_subset', { is_subset: ['A', 'B'] }, ['b', 'b'], true],
  ['starts_with', { starts_with: 'HTTP' }, 'https://x', true],
  ['ends_with', { ends_with: '.pdf' }, 'A.PDF', true],
  ['glob', { glob: 'Docs/*.PDF' }, 'docs/A.pdf', true],
  ['glob with a class', { glob: '[A-C]x' }, 'bX', true],
  ['glob with a negated class', { glob: '[!a]x' }, 'AX', false],
  ['glob without a wildcard', { glob: 'README' }, 'readme', true],
  ['regex', { regex: '^RE(AD|write)$' }, 'reWRITE', true],
  ['regex with a negated class', { regex: '^[^a-c]$' }, 'B', false],
  ['regex with \\W', { regex: '^\\W$' }, '\u212a', false],
  ['regex with \\w', { regex: '^\\w$' }, '\u017f', true],
  ['regex with a property', { regex: '^\\p{Lu}$' }, 'a', true],
  ['not_regex', { not_regex: 'SECRET' }, 'a secret', false],
]

test.each(cases)('%s', async (_, tests, value, expected) => {
  const engine = await engineWhen({ 'resource.a': { ...tests, ignore_case: true } })
  expect(engine.evaluate(ask({ resource: { a: value } })).decision).toBe(expected)
})

test('without it, case counts', async () => {
  const engine = await engineWhen({ 'resource.a': { eq: 'Report', ignore_case: false } })
  expect(engine.evaluate(ask({ resource: { a: 'report' } })).decision).toBe(false)
  expect(engine.evaluate(ask({ resource: { a: 'Report' } })).decision).toBe(true)
})

test('both ways of reading one attribute stand side by side', async () => {
  const engine = await engineWhen({
    all: [{ 'resource.a': { eq: 'abc', ignore_case: true } }, { 'resource.a': { eq: 'ABC' } }],
  })
  expect(engine.evaluate(ask({ resource: { a: 'ABC' } })).decision).toBe(true)
  expect(engine.evaluate(ask({ resource: { a: 'abc' } })).decision).toBe(false)
})

test('both sides of a reference are folded', async () => {
  const engine = await engineWhen({ 'resource.a': { eq: { ref: 'subject.b' }, ignore_case: true } })
  expect(engine.evaluate(ask({ resource: { a: 'ÉTÉ' }, subject: { b: 'été' } })).decision).toBe(true)
  expect(engine.evaluate(ask({ resource: { a: 'ÉTÉ' }, subject: { b: 'ete' } })).decision).toBe(false)
})

test('parts of the request, items of lists and what entities say', async () => {
  const rest = { entities: { resources: [{ type: 'doc', id: 'd1', properties: { owner: 'ALICE', tags: ['Red'] } }] } }
  const part = await engineWhen({ 'action.name': { eq: 'READ', ignore_case: true } })
  expect(part.evaluate(ask()).decision).toBe(true)
  const items = await engineWhen({ 'context.list': { any_matches: { 'item.name': { eq: 'x', ignore_case: true } } } })
  expect(items.evaluate(ask({ context: { list: [{ name: 'y' }, { name: 'X' }] } })).decision).toBe(true)
  const stored = await engineWhen({ 'resource.owner': { eq: { ref: 'subject.id' }, ignore_case: true } }, rest)
  expect(stored.evaluate(ask()).decision).toBe(true)
  const tags = await engineWhen({ 'resource.tags': { contains: 'RED', ignore_case: true } }, rest)
  expect(tags.evaluate(ask()).decision).toBe(true)
})

test('a list that passes a limit is refused, however it is read', async () => {
  const engine = await engineWhen({ 'context.list': { contains: 'x', ignore_case: true } })
  const shared = Array.from({ length: 60_000 }, () => 'A')
  expect(engine.evaluate(ask({ context: { list: [shared, shared] } })).code).toBe('limit')
  expect(engine.evaluate(ask({ context: { list: new Array(1e9) } })).code).toBe('limit')
})
