/** Mistakes at the top of a document: version, algorithm, actions, roles, routes, sets. Each with its place, and what to write instead. */
import { describe, expect, it } from 'vitest'
import { document, errorsOf } from './support.ts'

describe('one mistake, its place and its message', () => {
  it.each<[string, string, string]>([
    [
      'no version',
      'rules: [{ id: r, allow: read }]\n',
      '1:1 E_VERSION the document has no version; start it with "version: 1"',
    ],
    [
      'a path in place of a text',
      './policies',
      '1:1 E_TYPE a policy document must be a map, not the string "./policies"; this is a path: pass the text of the file',
    ],
    [
      'the name of a file in place of its text',
      'policies.yaml',
      '1:1 E_TYPE a policy document must be a map, not the string "policies.yaml"; this is a path: pass the text of the file',
    ],
    [
      'another text',
      'allow everything',
      '1:1 E_TYPE a policy document must be a map, not the string "allow everything"; start it with "version: 1"',
    ],
    [
      'a schema that is no string',
      document('$schema: 1'),
      '2:10 E_TYPE "$schema" must be a string, not the number 1; write "1" in quotes',
    ],
    ['a schema', document('$schema: node_modules/sallyport/policy.schema.json'), ''],
    [
      'version 2',
      'version: 2\nrules: [{ id: r, allow: read }]\n',
      '1:10 E_VERSION the version must be 1, not the number 2; write "version: 1"',
    ],
    [
      'version "1"',
      'version: "1"\nrules: [{ id: r, allow: read }]\n',
      '1:10 E_VERSION the version must be 1, not the string "1"; write "version: 1"',
    ],
    [
      'an unknown algorithm',
      document('algorithm: deny-override'),
      '2:12 E_ALGORITHM unknown algorithm "deny-override"; did you mean "deny-overrides"?',
    ],
    [
      'an unknown combination',
      document('combine: every'),
      '2:10 E_ALGORITHM unknown combine "every"; use one of any, all',
    ],
    [
      'an undeclared action',
      document('actions: [raed, write]'),
      '3:25 E_ACTION unknown action "read" in rule "r"; did you mean "raed"?',
    ],
    [
      'an unknown role',
      'version: 1\nroles: { editor: [viewer] }\nrules: [{ id: r, allow: read, to: { role: editr } }]\n',
      '3:43 E_ROLE unknown role "editr" in rule "r"; did you mean "editor"?',
    ],
    [
      'a cycle of roles',
      document('roles: { a: [b], b: [c], c: [a] }'),
      '2:26 E_ROLE_CYCLE roles inherit one another in a circle: a → b → c → a; remove one of these steps',
    ],
    [
      'a role without list',
      document('roles: { a: }'),
      '2:10 E_TYPE the role "a" needs a list of the roles it inherits; write a: []',
    ],
    [
      'a string for a list',
      document('roles: { a: b }'),
      '2:13 E_TYPE the role "a" must be a list, not the string "b"; write [b]',
    ],
    [
      'an unknown set',
      document('routes: [{ actions: read, sets: [defualt] }]'),
      '2:34 E_SET unknown set "defualt" in a route; did you mean "default"?',
    ],
    [
      'a route without sets',
      document('routes: [{ actions: read }]'),
      '2:10 E_MISSING a route has no sets; write sets: [...]',
    ],
    [
      'the reserved set',
      document('sets: { default: { rules: [{ id: s, deny: x }] } }'),
      '2:9 E_SET the set name "default" is that of the top-level rules; choose another name',
    ],
    ['a set without rules', document('sets: { s: {} }'), '2:9 E_MISSING the set "s" has no rules; write rules: [...]'],
    [
      'a synonym of a key',
      'version: 1\npolicies: []\n',
      '2:1 E_KEY unknown key "policies" in a policy document; did you mean "rules"?',
    ],
    [
      'a list as document',
      '- version: 1\n',
      '1:1 E_TYPE a policy document must be a map, not a list; start it with "version: 1"',
    ],
    ['no document', '# nothing\n', '1:1 E_MISSING there is no policy document here; start it with "version: 1"'],
  ])('%s', (_, text, expected) => {
    expect(errorsOf(text)).toEqual(expected === '' ? [] : [expected])
  })
})
