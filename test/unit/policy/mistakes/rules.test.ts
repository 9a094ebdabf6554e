/** Mistakes in rules: their keys, effects, ids, whom and what they are for. Each with its place, and what to write instead. */
import { describe, expect, it } from 'vitest'
import { errorsOf, withLine } from './support.ts'

describe('one mistake, its place and its message', () => {
  it.each<[string, string, string]>([
    [
      'a synonym of an effect',
      'version: 1\nrules:\n  - { id: r, permit: read }\n',
      '3:14 E_KEY unknown key "permit" in rule "r"; did you mean "allow"?',
    ],
    [
      'an effect apart from its actions',
      'version: 1\nrules:\n  - { id: r, allow: read, effect: allow }\n',
      '3:27 E_KEY unknown key "effect" in rule "r"; write the effect with its actions: allow: read',
    ],
    [
      'actions apart from their effect',
      'version: 1\nrules:\n  - { id: r, allow: read, action: read }\n',
      '3:27 E_KEY unknown key "action" in rule "r"; write the effect with its actions: allow: read',
    ],
    [
      'a misspelt key',
      withLine('unles: { context.a: 1 }'),
      '5:5 E_KEY unknown key "unles" in rule "r"; did you mean "unless"?',
    ],
    [
      'no effect',
      'version: 1\nrules:\n  - { id: r, on: record }\n',
      '3:5 E_EFFECT the rule has no effect in rule "r"; write allow, deny or review, with the actions',
    ],
    [
      'two effects',
      withLine('deny: write'),
      '5:5 E_EFFECT a rule has one effect, and both "allow" and "deny" are here in rule "r"; make two rules of it',
    ],
    [
      'no id',
      'version: 1\nrules:\n  - { allow: read }\n',
      '3:5 E_MISSING the rule has no id; give it one that is unique in the tenant',
    ],
    [
      'a number as id',
      'version: 1\nrules:\n  - { id: 5, allow: read }\n',
      '3:11 E_TYPE id must be a string, not the number 5; write "5" in quotes',
    ],
    [
      'a repeated id',
      'version: 1\nrules:\n  - { id: r, allow: read }\n  - { id: r, allow: list }\n',
      '4:11 E_DUPLICATE the rule id "r" occurs twice; the first one is at 3:11; rename or remove one',
    ],
    [
      'a string as "to"',
      withLine('to: editor'),
      '5:9 E_TYPE "to" must be a map, not the string "editor" in rule "r"; write { role: editor } or { type: editor }',
    ],
    ['an empty "to"', withLine('to: {}'), '5:9 E_MISSING "to" is empty in rule "r"; leave it out for any subject'],
    [
      'a pattern as role',
      withLine('to: { role: "adm*" }'),
      '5:17 E_ROLE a role is an exact name, not a pattern: "adm*" in rule "r"; for any role leave "role" out',
    ],
    [
      'an unknown key in "on"',
      withLine('on: { kind: record }'),
      '5:11 E_KEY unknown key "kind" in "on" in rule "r"; use one of type, id',
    ],
    ['an empty pattern', withLine('on: ""'), '5:9 E_MISSING "on" is empty in rule "r"; write a text'],
    [
      'an empty list',
      withLine('on: []'),
      '5:9 E_MISSING "on" is an empty list, which matches nothing in rule "r"; name one',
    ],
    [
      'a boolean as action',
      'version: 1\nrules:\n  - { id: r, allow: true }\n',
      '3:21 E_TYPE "allow" must be a string or a list of strings, not true in rule "r"; write allow: read, or allow: "*" for any action',
    ],
    [
      'a fraction as priority',
      withLine('priority: 1.5'),
      '5:15 E_PRIORITY a priority cannot be the number 1.5 in rule "r"; write an integer from -2147483648 to 2147483647',
    ],
    [
      'a priority of 33 bits',
      withLine('priority: 2147483648'),
      '5:15 E_PRIORITY a priority cannot be the number 2147483648 in rule "r"; write an integer from -2147483648 to 2147483647',
    ],
    [
      'an obligation without id',
      withLine('obligations: [{ log: true }]'),
      '5:19 E_MISSING an obligation has no id in rule "r"; write { id: … }',
    ],
    [
      'advice as a map',
      withLine('advice: { id: log }'),
      '5:13 E_TYPE "advice" must be a list, not a map in rule "r"; write [{ id: … }]',
    ],
  ])('%s', (_, text, expected) => {
    expect(errorsOf(text)).toEqual([expected])
  })
})
