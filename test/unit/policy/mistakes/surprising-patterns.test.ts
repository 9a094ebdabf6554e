/** Patterns that are taken, and mean something else in other tools. */
import { expect, test } from 'vitest'
import { check } from '../support.ts'
import { withLine, withWhen } from './support.ts'

test.each([
  [
    '!archive/*',
    '5:32 W_PATTERN in the pattern "!archive/*", "!" at the start is the character, and negates nothing in rule "r"; write \\! for the character; exceptions are rules of their own, or unless',
  ],
  [
    '+(a|b)',
    '5:32 W_PATTERN in the pattern "+(a|b)", +(a|b) is not an extended glob, but stands for itself in rule "r"; write {a,b} for alternatives, or \\( for the character',
  ],
])('warns of %s', (glob, warning) => {
  expect(check(withWhen(`{ context.a: { glob: "${glob}" } }`))).toEqual([warning])
})

test.each([
  ['read,write', '3:20 W_PATTERN "read,write" is the name of one action in rule "r"; write [read, write] for several'],
  [
    'read | write',
    '3:20 W_PATTERN "read | write" is the name of one action in rule "r"; write [read, write] for several',
  ],
  [' read', '3:20 W_PATTERN in the pattern " read", a blank at the start or end counts in rule "r"; write "read"'],
  [
    '“read”',
    '3:20 W_PATTERN in the pattern "“read”", typographic quotes are characters in rule "r"; write " in their place',
  ],
])('warns of the action %j', (action, warning) => {
  expect(check(`version: 1\nrules:\n  - { id: r, deny: "${action}" }\n`)).toEqual([warning])
})

test('warns of an entity in place of a type', () => {
  expect(check(withLine('on: "record:1"'))).toEqual([
    '5:9 W_PATTERN "record:1" is taken for a type in rule "r"; write { type: record, id: "1" }',
  ])
  expect(check(withLine('on: "mcp:tool"'))).toEqual([])
  expect(check('version: 1\nrules:\n  - { id: r, allow: ["travel:1", "{read,write}"] }\n')).toEqual([])
})
