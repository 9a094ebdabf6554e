/** Mistakes in texts with a notation of their own: patterns, address ranges, versions. Each with its place, and what to write instead. */
import { describe, expect, it } from 'vitest'
import { errorsOf, withLine, withWhen } from './support.ts'

describe('one mistake, its place and its message', () => {
  it.each<[string, string, string]>([
    [
      'a bad glob',
      withWhen('{ context.a: { glob: "a[" } }'),
      '5:32 E_PATTERN bad pattern "a[": "[" is not closed in rule "r"; write [abc], or \\[ for the character',
    ],
    [
      'a bad regex',
      withWhen('{ context.a: { regex: "(" } }'),
      '5:33 E_REGEX bad regular expression "(": unterminated group at character 1 in rule "r"',
    ],
    [
      'look-around',
      withWhen('{ context.a: { not_regex: "(?=a)" } }'),
      '5:37 E_REGEX bad regular expression "(?=a)": look-around such as (?=a) is not supported in rule "r"; use a second test, not_regex for a negative one',
    ],
    [
      'a back-reference',
      withWhen("{ context.a: { regex: '(a)\\1' } }"),
      '5:33 E_REGEX bad regular expression "(a)\\\\1": back-references such as \\1 are not supported in rule "r"; write the text out',
    ],
    [
      'host bits',
      withWhen('{ context.ip: { ip_in_cidr: [10.0.0.0/8, 10.1.2.3/16] } }'),
      '5:52 E_CIDR "10.1.2.3/16" has bits set beyond its prefix in rule "r"; write 10.1.0.0/16',
    ],
    [
      'no address',
      withWhen('{ context.ip: { ip_in_cidr: 10.0.0/8 } }'),
      '5:39 E_CIDR "10.0.0/8" is not an address range in rule "r"; write, for example, 10.0.0.0/8 or 2001:db8::/32',
    ],
    [
      'a version with v',
      withWhen('{ context.v: { semver_gt: v1.2.3 } }'),
      '5:37 E_SEMVER "v1.2.3" is not a SemVer 2.0.0 version in rule "r"; write "1.2.3"',
    ],
    [
      'half a version',
      withWhen('{ context.v: { semver_gt: "1.2" } }'),
      '5:37 E_SEMVER "1.2" is not a SemVer 2.0.0 version in rule "r"; write it like 1.4.0 or 2.0.0-rc.1',
    ],
    [
      'too many braces',
      withLine('on: "{a,b,c,d,e}{a,b,c,d,e}{a,b,c,d,e}"'),
      '5:9 E_PATTERN bad pattern "{a,b,c,d,e}{a,b,c,d,e}{a,b,c,d,e}": the braces stand for more than 64 patterns in rule "r"; use "*", or several rules',
    ],
  ])('%s', (_, text, expected) => {
    expect(errorsOf(text)).toEqual([expected])
  })
})
