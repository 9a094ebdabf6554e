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
      '3:1 E_SYNTAX not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['a bad escape', 'version: 1\ntenant: "a\\q"\n', '2:11 E_SYNTAX not valid YAML: invalid escape sequence \\q'],
  ])('%s', (_, text, expected) => {
    expect(errorsOf(text)).toEqual([expected])
  })
})
