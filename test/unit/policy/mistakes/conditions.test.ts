/** Mistakes in how conditions are put together. Each with its place, and what to write instead. */
import { describe, expect, it } from 'vitest'
import { errorsOf, withWhen } from './support.ts'

describe('one mistake, its place and its message', () => {
  it.each<[string, string, string]>([
    [
      'a number as condition',
      withWhen('5'),
      '5:11 E_TYPE a condition must be a map, not the number 5 in rule "r"; write, for example, { resource.status: archived }',
    ],
    [
      'a list as condition',
      withWhen('[{ context.a: 1 }]'),
      '5:11 E_TYPE a condition must be a map, not a list in rule "r"; write { all: [...] } or { any: [...] }',
    ],
    [
      'an empty condition',
      withWhen('{}'),
      '5:11 E_MISSING the condition is empty in rule "r"; name an attribute, or leave it out',
    ],
    [
      'an empty any',
      withWhen('{ any: [] }'),
      '5:18 E_MISSING the list of "any" is empty in rule "r"; name a condition, or leave it out',
    ],
    [
      'all with a map',
      withWhen('{ all: { context.a: 1 } }'),
      '5:18 E_TYPE "all" needs a list of conditions, not a map in rule "r"; write all: [{ … }]',
    ],
    [
      'all beside a path',
      withWhen('{ all: [{ context.a: 1 }], context.b: 1 }'),
      '5:38 E_CONDITION "context.b" stands beside "all" in rule "r"; put both into one list: all: [{ … }, { … }]',
    ],
  ])('%s', (_, text, expected) => {
    expect(errorsOf(text)).toEqual([expected])
  })
})
