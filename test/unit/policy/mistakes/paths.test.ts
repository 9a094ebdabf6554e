/** Mistakes in paths: what they start with, where they end. Each with its place, and what to write instead. */
import { describe, expect, it } from 'vitest'
import { errorsOf, withWhen } from './support.ts'

describe('one mistake, its place and its message', () => {
  it.each<[string, string, string]>([
    [
      'an unknown root',
      withWhen('{ user.name: x }'),
      '5:13 E_PATH unknown path "user.name": nothing is called "user" in rule "r"; did you mean "subject.name"?',
    ],
    [
      'a misspelt root',
      withWhen('{ resorce.a: x }'),
      '5:13 E_PATH unknown path "resorce.a": nothing is called "resorce" in rule "r"; did you mean "resource.a"?',
    ],
    [
      'a part of the request',
      withWhen('{ request.subject.id: ann }'),
      '5:13 E_PATH unknown path "request.subject.id": nothing is called "request" in rule "r"; did you mean "subject.id"?',
    ],
    [
      'a part of the request, by another name',
      withWhen('{ request.user.id: ann }'),
      '5:13 E_PATH unknown path "request.user.id": nothing is called "request" in rule "r"; did you mean "subject.id"?',
    ],
    [
      'a name of the context',
      withWhen('{ request.time: 1 }'),
      '5:13 E_PATH unknown path "request.time": nothing is called "request" in rule "r"; did you mean "context.time"?',
    ],
    [
      'a path cut in two',
      withWhen('{ resource: { status: archived } }'),
      '5:13 E_PATH "resource" is a map in rule "r"; name one of its keys: resource.id',
    ],
    [
      'a path that ends early',
      withWhen('{ context.: x }'),
      '5:13 E_PATH the path "context." ends too early in rule "r"; write root.key.key, and other keys as ["key"]',
    ],
    [
      'a part of a string',
      withWhen('{ subject.id.x: x }'),
      '5:13 E_PATH "subject.id" is a string and has no parts in rule "r"; for a property of that name write subject.properties.id',
    ],
    [
      'a part alone',
      withWhen('{ status: x }'),
      '5:13 E_PATH unknown path "status": nothing is called "status" in rule "r"; write what it is a part of: resource.status, subject.status or context.status',
    ],
    [
      'a part alone that is read elsewhere',
      withWhen('{ all: [{ context.status: y }, { status: x }] }'),
      '5:44 E_PATH unknown path "status": nothing is called "status" in rule "r"; did you mean "context.status"?',
    ],
    [
      'a part of an item alone',
      withWhen('{ context.items: { any_matches: { price: 5 } } }'),
      '5:45 E_PATH unknown path "price": nothing is called "price" in rule "r"; did you mean "item.price"?',
    ],
    [
      'or in place of any',
      withWhen('{ or: [{ context.a: 1 }] }'),
      '5:13 E_PATH unknown path "or" in rule "r"; did you mean "any"?',
    ],
    [
      'and in place of all',
      withWhen('{ AND: { context.a: 1 } }'),
      '5:13 E_PATH unknown path "AND" in rule "r"; did you mean "all"?',
    ],
    [
      'item outside',
      withWhen('{ item.x: 1 }'),
      '5:13 E_PATH "item" means something only inside any_matches, all_match and none_match in rule "r"',
    ],
    [
      'a bad reference',
      withWhen('{ context.a: { eq: { ref: foo.b } } }'),
      '5:37 E_PATH unknown path "foo.b": nothing is called "foo" in rule "r"; paths start with one of subject, resource, action, context, chain, state, now',
    ],
  ])('%s', (_, text, expected) => {
    expect(errorsOf(text)).toEqual([expected])
  })
})
