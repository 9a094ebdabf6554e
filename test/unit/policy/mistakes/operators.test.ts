/** Mistakes in operators and what stands behind them. Each with its place, and what to write instead. */
import { describe, expect, it } from 'vitest'
import { errorsOf, withWhen } from './support.ts'

describe('one mistake, its place and its message', () => {
  it.each<[string, string, string]>([
    [
      'an operator of another language',
      'version: 1\nrules:\n  - id: archived\n    deny: write\n    when: { resource.status: { equals: archived } }\n',
      '5:32 E_OPERATOR unknown operator "equals" in rule "archived"; did you mean "eq"?',
    ],
    [
      'a misspelt operator',
      withWhen('{ context.a: { start_with: x } }'),
      '5:26 E_OPERATOR unknown operator "start_with" in rule "r"; did you mean "starts_with"?',
    ],
    [
      'a reference without operator',
      withWhen('{ context.a: { ref: context.b } }'),
      '5:26 E_OPERATOR unknown operator "ref" in rule "r"; write { eq: { ref: … } }',
    ],
    [
      'a symbol for an operator',
      withWhen('{ context.a: { ">=": 5 } }'),
      '5:26 E_OPERATOR unknown operator ">=" in rule "r"; did you mean "gte"?',
    ],
    [
      'a bare list',
      withWhen('{ context.a: [1] }'),
      '5:24 E_TYPE the test of "context.a" is a bare list in rule "r"; write { in: [...] } or { eq: [...] }',
    ],
    [
      'gt with a boolean',
      withWhen('{ context.a: { gt: true } }'),
      '5:30 E_OPERAND "gt" needs a number or a string or { ref: path }, not true in rule "r"',
    ],
    [
      'in with a scalar',
      withWhen('{ context.a: { in: x } }'),
      '5:30 E_OPERAND "in" needs a list or { ref: path }, not the string "x" in rule "r"; write { in: ["x"] } or { eq: "x" }',
    ],
    [
      'contains_any with a scalar',
      withWhen('{ context.a: { contains_any: 3 } }'),
      '5:40 E_OPERAND "contains_any" needs a list or { ref: path }, not the number 3 in rule "r"; write { contains_any: [3] }',
    ],
    [
      'starts_with with a number',
      withWhen('{ context.a: { starts_with: 3 } }'),
      '5:39 E_OPERAND "starts_with" needs a string or { ref: path }, not the number 3 in rule "r"',
    ],
    [
      'exists with a string',
      withWhen('{ context.a: { exists: "yes" } }'),
      '5:34 E_TYPE the operand of "exists" must be true or false, not the string "yes" in rule "r"',
    ],
    [
      'otherwise with a number',
      withWhen('{ context.a: { eq: 1, otherwise: 0 } }'),
      '5:44 E_TYPE "otherwise" must be true or false, not the number 0 in rule "r"',
    ],
    [
      'otherwise alone',
      withWhen('{ context.a: { otherwise: true } }'),
      '5:24 E_MISSING the test of "context.a" has no operator in rule "r"; write, for example, { eq: … }',
    ],
    [
      'eq with a map',
      withWhen('{ context.a: { eq: { b: 1 } } }'),
      '5:30 E_OPERAND a map cannot be compared ("eq") in rule "r"; compare one of its keys, or write { ref: path }',
    ],
    [
      'a map in a list',
      withWhen('{ context.a: { in: [{ b: 1 }] } }'),
      '5:31 E_OPERAND a map cannot be compared ("in") in rule "r"; compare one of its keys',
    ],
    [
      'a reference in a list',
      withWhen('{ context.a: { in: [{ ref: context.b }] } }'),
      '5:31 E_OPERAND a reference cannot be an item of a list in rule "r"; use a reference to a list',
    ],
    [
      'a key beside ref',
      withWhen('{ context.a: { eq: { ref: context.b, x: 1 } } }'),
      '5:48 E_KEY unknown key "x" beside "ref" in rule "r"; write { ref: path } alone',
    ],
    [
      'glob with a reference',
      withWhen('{ context.a: { glob: { ref: context.b } } }'),
      '5:32 E_OPERAND "glob" takes a constant, not a reference in rule "r"; write a string',
    ],
    [
      'regex with a number',
      withWhen('{ context.a: { regex: 5 } }'),
      '5:33 E_OPERAND "regex" needs a constant string in rule "r"; write "5" in quotes',
    ],
    [
      'nested quantifiers',
      withWhen('{ context.a: { any_matches: { item.b: { all_match: { item: 1 } } } } }'),
      '5:51 E_OPERATOR "all_match" cannot stand inside another condition over items in rule "r"; test a key of the item instead',
    ],
    [
      'a number against an id',
      withWhen('{ subject.id: 5 }'),
      '5:25 E_OPERAND "subject.id" is always a string and cannot be compared with the number 5 ("eq") in rule "r"; write a string',
    ],
    [
      'a list operator on an id',
      withWhen('{ subject.id: { is_subset: [a] } }'),
      '5:27 E_OPERATOR "is_subset" cannot work on "subject.id", which is always a string in rule "r"; use another operator',
    ],
    [
      'now against no time',
      withWhen('{ now: { gt: tomorrow } }'),
      '5:24 E_OPERAND "tomorrow" is not an RFC 3339 time in rule "r"; write it like 2026-01-31T09:00:00Z, or as milliseconds since 1970',
    ],
  ])('%s', (_, text, expected) => {
    expect(errorsOf(text)).toEqual([expected])
  })
})
