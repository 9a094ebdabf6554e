/** Strings that look like attributes: a deny that compares with one never fires. */
import { describe, expect, it } from 'vitest'
import { check } from '../support.ts'
import { withWhen } from './support.ts'

const template = ['$', '{subject.id}'].join('')

describe('warns of', () => {
  it.each<[string, string]>([
    [
      '{ resource.requester: subject.id }',
      '5:33 W_REFERENCE "subject.id" is compared as text in rule "r"; write { eq: { ref: subject.id } } to compare with the attribute',
    ],
    [
      `{ resource.requester: { neq: "${template}" } }`,
      `5:40 W_REFERENCE "${template}" is compared as text in rule "r"; write { ref: subject.id } to compare with the attribute`,
    ],
    [
      '{ resource.tags: { contains: "{{ context.tag }}" } }',
      '5:40 W_REFERENCE "{{ context.tag }}" is compared as text in rule "r"; write { ref: context.tag } to compare with the attribute',
    ],
    [
      '{ resource.owner: { in: [ann, subject.id] } }',
      '5:41 W_REFERENCE "subject.id" is compared as text in rule "r"; lists hold constants; write a test of its own with { ref: subject.id } to compare with the attribute',
    ],
    [
      '{ resource.owner: $subject.id }',
      '5:29 W_REFERENCE "$subject.id" is compared as text in rule "r"; write { eq: { ref: subject.id } } to compare with the attribute',
    ],
    [
      '{ resource.locked: yes }',
      '5:30 W_OPERAND "yes" is compared as text in rule "r"; write true for the boolean, or "yes" in quotes',
    ],
    [
      '{ resource.locked: { neq: Off } }',
      '5:37 W_OPERAND "Off" is compared as text in rule "r"; write false for the boolean, or "Off" in quotes',
    ],
    ['{ resource.size: ">5" }', '5:28 W_OPERAND ">5" is compared as text in rule "r"; write { gt: 5 }'],
    [
      '{ resource.size: { eq: "<= 5.5" } }',
      '5:34 W_OPERAND "<= 5.5" is compared as text in rule "r"; write it as an operator: { lte: 5.5 }',
    ],
    [
      '{ resource.tags: { contains: [secret, pii] } }',
      '5:40 W_OPERAND a list is looked for as one item ("contains") in rule "r"; write contains_any or contains_all to look for its items',
    ],
    [
      '{ now: { gt: 1735689600 } }',
      '5:24 W_OPERAND 1735689600 is 1970-01-21: times are milliseconds in rule "r"; write 1735689600000',
    ],
    [
      '{ during: { from: 1735689600 } }',
      '5:29 W_OPERAND 1735689600 is 1970-01-21: times are milliseconds in rule "r"; write 1735689600000',
    ],
    [
      '{ resource.expires: { lt: now } }',
      '5:37 W_REFERENCE "now" is compared as text in rule "r"; write { ref: now } to compare with the attribute',
    ],
    [
      '{ context.items: { any_matches: { item.a: item.b } } }',
      '5:53 W_REFERENCE "item.b" is compared as text in rule "r"; write { eq: { ref: item.b } } to compare with the attribute',
    ],
    [
      '{ resource.expires: { before: now } }',
      '5:41 E_TIME the operand of "before" is not a time: the string "now" in rule "r"; write { ref: now }',
    ],
  ])('%s', (when, expected) => {
    expect(check(withWhen(when))).toEqual([expected])
  })
})

it.each([
  'yes',
  '>5 items',
  'now',
  'subject',
  'user.id',
  'item.id',
  'subject id',
  'subject.',
  'chain.of.title',
  'a subject.id',
  'Subject.id',
  'subject.id, resource.id',
  'action:read',
  '',
])('does not warn of %s', (text) => {
  expect(check(withWhen(`{ context.a: ${JSON.stringify(text)} }`))).toEqual([])
})
