/** Tests of the list of roles that can never hold: a deny with one would never fire. */
import { describe, expect, it } from 'vitest'
import { errorsOf, withWhen } from './support.ts'

describe('what no list of names satisfies', () => {
  it.each<[string, string]>([
    [
      '{ subject.roles: contractor }',
      'E_OPERAND "subject.roles" is a list of names and cannot be compared with the string "contractor" ("eq") in rule "r"; write { contains: "contractor" }, or to: { role: contractor }',
    ],
    [
      '{ subject.properties.roles: { neq: contractor } }',
      'E_OPERAND "subject.properties.roles" is a list of names and cannot be compared with the string "contractor" ("neq") in rule "r"; write not: { subject.properties.roles: { contains: "contractor" } }',
    ],
    [
      '{ subject.roles: { in: [contractor, temp] } }',
      'E_OPERAND "subject.roles" is a list of names and cannot be compared with the string "contractor" ("in") in rule "r"; write { contains_any: ["contractor", "temp"] }, or to: { role: ["contractor", "temp"] }',
    ],
    [
      '{ chain.root.roles: contractor }',
      'E_OPERAND "chain.root.roles" is a list of names and cannot be compared with the string "contractor" ("eq") in rule "r"; write { contains: "contractor" }',
    ],
    [
      '{ subject.roles: null }',
      'E_OPERAND "subject.roles" is a list of names and cannot be compared with null (no value) ("eq") in rule "r"; write { exists: false }',
    ],
    [
      '{ subject.roles: { contains: 5 } }',
      'E_OPERAND "subject.roles" is a list of names and cannot be compared with the number 5 ("contains") in rule "r"; write a name, or a list of names',
    ],
    [
      '{ subject.roles: { contains: [a, b] } }',
      'E_OPERAND "subject.roles" is a list of names and cannot be compared with a list ("contains") in rule "r"; write { contains_any: ["a", "b"] }, or to: { role: ["a", "b"] }',
    ],
    [
      '{ chain.immediate.roles: { starts_with: a } }',
      'E_OPERATOR "starts_with" cannot work on "chain.immediate.roles", which is a list of names in rule "r"; write { any_matches: { item: { starts_with: … } } }, or to: { role: … }',
    ],
    [
      '{ subject.roles: { gt: a } }',
      'E_OPERATOR "gt" cannot work on "subject.roles", which is a list of names in rule "r"; write { contains: … }, or to: { role: … }',
    ],
    [
      '{ subject.id: { eq: { ref: subject.roles } } }',
      'E_OPERAND "subject.id" is a string, and "subject.roles" is a list of names in rule "r"; use in, or contains_any',
    ],
    [
      '{ resource.role: { starts_with: { ref: subject.roles } } }',
      'E_OPERAND "starts_with" cannot work with "subject.roles", which is a list of names in rule "r"; use in, or contains_any',
    ],
    [
      '\'subject.roles == "contractor"\'',
      'E_CEL_TYPE a list is never equal to a string in rule "r"; ask whether it is one of the items: "contractor" in subject.roles',
    ],
    [
      '\'subject.roles != "contractor"\'',
      'E_CEL_TYPE a list is never equal to a string in rule "r"; ask whether it is one of the items: !("contractor" in subject.roles)',
    ],
    [
      '\'subject.roles in ["contractor"]\'',
      'E_CEL_TYPE a list is never in a list of string in rule "r"; ask for one of its items: subject.roles.exists(i, i in ["contractor"])',
    ],
    [
      '\'subject.roles.contains("x")\'',
      'E_CEL_TYPE "contains" does not work on a list and a string in rule "r"; ask whether it is one of the items: "x" in subject.roles',
    ],
    [
      '\'subject.roles.startsWith("x")\'',
      'E_CEL_TYPE "startsWith" does not work on a list and a string in rule "r"; ask it of an item: subject.roles.exists(i, i.startsWith("x"))',
    ],
    [
      '\'chain.depth == "1"\'',
      'E_CEL_TYPE a double is never equal to a string in rule "r"; compare values of one type',
    ],
    [
      "'chain.depth + 1 > 2.0'",
      'E_CEL_TYPE "+" does not work on a double and an int in rule "r"; numbers of a request are doubles: write 1.0',
    ],
  ])('%s', (when, expected) => {
    expect(errorsOf(withWhen(when)).map((line) => line.replace(/^\S+ /, ''))).toEqual([expected])
  })
})

describe('what a list of names can satisfy', () => {
  it.each([
    '{ subject.roles: { contains: contractor } }',
    '{ subject.roles: { not_contains: contractor, exists: true } }',
    '{ subject.roles: { contains_any: [a, b] } }',
    '{ subject.roles: { neq: [] } }',
    '{ subject.roles: { in: [[a], [a, b]] } }',
    '{ subject.roles: { contains: { ref: context.role } } }',
    '{ context.role: { in: { ref: subject.roles } } }',
    '{ chain.root.roles: { eq: { ref: subject.roles } } }',
    '{ subject.roles: { any_matches: { item: { starts_with: a } } } }',
    '\'"a" in subject.roles && size(chain.root.roles) > 1 && subject.roles == ["a"]\'',
    '\'subject.roles.exists(r, r.startsWith("a")) && chain.depth == 1 && chain.depth > 0\'',
  ])('%s', (when) => {
    expect(errorsOf(withWhen(when))).toEqual([])
  })
})
