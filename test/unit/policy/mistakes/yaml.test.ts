/** Documents that are no YAML, or YAML of which a part is refused. Each with its place, and what to write instead. */
import { describe, expect, it } from 'vitest'
import { errorsOf, withLine } from './support.ts'

describe('one mistake, its place and its message', () => {
  it.each<[string, string, string]>([
    [
      'a key twice',
      withLine('allow: write'),
      '5:5 E_DUPLICATE the key "allow" occurs twice in this map in rule "r"; the first one is at 4:5; remove one',
    ],
    [
      'a merge key',
      withLine('<<: { on: x }'),
      '5:5 E_SYNTAX merge keys ("<<") are not supported in rule "r"; write the keys out',
    ],
    [
      'an open bracket',
      'version: 1\nrules: [\n',
      '2:8 E_SYNTAX the bracket [ that opens here is never closed; close it with ]',
    ],
    [
      'an open brace in a rule',
      'version: 1\nrules:\n  - id: r\n    allow: read\n    when: { context.a: { eq: 1 }\n  - { id: s, allow: x }\n',
      '5:11 E_SYNTAX the bracket { that opens here is never closed; close it with }',
    ],
    [
      'an expression that begins with a quote',
      withLine("when: 'admin' in subject.roles"),
      `5:19 E_SYNTAX the text ended at the ' before; put the whole in quotes: "'admin' in subject.roles"`,
    ],
    [
      'an expression with both quotes',
      withLine(`when: 'admin' in subject.roles && context.a == "b"`),
      `5:19 E_SYNTAX the text ended at the ' before; put the whole in quotes`,
    ],
    [
      'an apostrophe in single quotes',
      withLine("because: 'it's closed'"),
      `5:18 E_SYNTAX the text ended at the ' before; write '' for a ' inside, or use double quotes`,
    ],
    [
      'double quotes in double quotes',
      withLine('when: "x == "y""'),
      `5:18 E_SYNTAX the text ended at the " before; use single quotes around it, or write \\" inside`,
    ],
    [
      'a key with a quoted part in braces',
      withLine('when: { resource["a.b"]: 1 }'),
      `5:13 E_SYNTAX this key needs quotes in braces; write 'resource["a.b"]'`,
    ],
    ['a list as a key', withLine('when: { [a]: 1 }'), '5:13 E_SYNTAX a key is not a string; write a plain key'],
    [
      'rules that are one text, for want of spaces',
      'version: 1\nrules:\n  - id:a\n    allow:read\n',
      '3:5 E_TYPE a rule must be a map, not the string "id:a allow:read"; write a space after ":"',
    ],
    [
      'an operator inside a text',
      withLine('chain: { depth: "<= 2" }'),
      '5:21 E_OPERAND "chain.depth" is always a number and cannot be compared with the string "<= 2" ("eq") in rule "r"; write { lte: 2 }',
    ],
    ['a star without quotes', withLine('on: *'), '5:9 E_SYNTAX * starts an alias in YAML; write "*" in quotes'],
    [
      'a pattern without quotes',
      withLine('on: *.pdf'),
      '5:9 E_SYNTAX the alias *.pdf has no anchor before it in rule "r"; put "*.pdf" in quotes if it is a text, or write the value out',
    ],
    [
      'an exclamation mark',
      withLine('when: !resource.open'),
      '5:11 E_SYNTAX "!" starts a tag in YAML; put the text in quotes',
    ],
    ['an at sign', withLine('on: @ann'), '5:9 E_SYNTAX "@" cannot start a text in YAML; put the text in quotes'],
    ['a percent sign', withLine('on: %x'), '5:9 E_SYNTAX "%" cannot start a text in YAML; put the text in quotes'],
    [
      'colons in a text',
      withLine('because: a: b: c'),
      '5:14 E_SYNTAX a second ": " stands in one line; put the text in quotes, or the map in braces',
    ],
    [
      'keys at different columns',
      'version: 1\nrules:\n  - id: r\n     allow: read\n',
      '3:9 E_SYNTAX not valid YAML: nested mappings are not allowed in compact mappings; start the keys of one map at the same column, and write a space after "-"',
    ],
    [
      'no space after a colon',
      'version: 1\nrules:\n  - id:r\n    allow: read\n',
      '3:5 E_SYNTAX no space follows the ":" of id; write a space after ":"',
    ],
    [
      'no space after the last colon of a map',
      'version: 1\nrules:\n  - id: r\n    allow:read\n',
      '4:5 E_SYNTAX no space follows the ":" of allow; write a space after ":"',
    ],
    [
      'no space after a colon in braces',
      'version: 1\nrules: [{ id: r, allow: read, on:x }]\n',
      '2:31 E_KEY unknown key "on:x" in rule "r"; write a space after ":"',
    ],
    [
      'an open quote',
      'version: 1\ntenant: "a\nrules: []\n',
      '2:9 E_SYNTAX the quote " that opens here is never closed; close it with "',
    ],
    [
      'a tag, of the core schema too',
      'version: !!int "1"\nrules: [{ id: r, allow: read }]\n',
      '1:16 E_SYNTAX the tag !!int is not supported; leave the tag out; put texts in quotes',
    ],
    [
      'another version of YAML',
      '# A comment\n%YAML 1.1\n---\nversion: 1\n',
      '2:1 E_SYNTAX YAML 1.1 is not supported; remove the %YAML line',
    ],
    [
      'a rule that an alias repeats',
      'version: 1\nrules:\n  - &r { id: r, allow: read }\n  - *r\n',
      '3:14 E_DUPLICATE the rule id "r" occurs twice: an alias repeats it; remove the alias',
    ],
    [
      'a bad escape',
      'version: 1\ntenant: "a\\q"\n',
      '2:11 E_SYNTAX not valid YAML: invalid escape sequence \\q; use single quotes, in which a backslash stays as it is',
    ],
  ])('%s', (_, text, expected) => {
    expect(errorsOf(text)).toEqual([expected])
  })
})

describe('one mistake in JSON', () => {
  it.each<[string, string, string]>([
    [
      'a comment',
      '{\n  // all\n  "version": 1,\n  "rules": []\n}\n',
      '2:3 E_SYNTAX JSON has no comments; remove it, or name the file .yaml and begin comments with #',
    ],
    [
      'no comma between rules',
      '{\n  "version": 1,\n  "rules": [\n    { "id": "a", "allow": "x" }\n    { "id": "b", "allow": "x" }\n  ]\n}\n',
      '5:5 E_SYNTAX a comma is missing here; write one after the value before',
    ],
    [
      'no comma between keys',
      '{\n  "version": 1\n  "rules": []\n}\n',
      '3:3 E_SYNTAX a comma is missing here; write one after the value before',
    ],
    [
      'an open brace',
      '{\n  "version": 1,\n  "rules": [{ "id": "a", "allow": "x" ]\n}\n',
      '3:39 E_SYNTAX a comma is missing here; write one after the value before',
    ],
  ])('%s', (_, text, expected) => {
    expect(errorsOf(text)).toEqual([expected])
  })

  it('leaves braces of YAML to YAML', () => {
    expect(errorsOf('{ "version": 1, rules: [{ id: a, allow: //x, }] }\n')).toEqual([])
    expect(errorsOf('{ version: 1, rules: [{ id: a, allow: @x }] }\n')).toEqual([
      '1:39 E_SYNTAX "@" cannot start a text in YAML; put the text in quotes',
    ])
  })
})
