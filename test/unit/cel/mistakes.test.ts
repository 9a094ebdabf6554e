/** Mistakes in expressions: where they stand in the document, and what to write instead. */
import { expect, test } from 'vitest'
import { formatDiagnostic } from '../../../src/policy/diagnostic.ts'
import { parsePolicies } from '../../../src/policy/index.ts'

/** The mistakes of a document as lines. */
function lines(text: string): string[] {
  return parsePolicies({ name: 'p.yaml', text }).diagnostics.map(formatDiagnostic)
}

/** The mistakes of an expression, without where. */
function mistakes(expression: string): string[] {
  const text = `{ version: 1, rules: [{ id: r, allow: read, when: ${JSON.stringify(expression)} }] }`
  return lines(text).map((line) => line.replace(/^p\.yaml:\d+:\d+ {2}error {2}/, '').replace(' in rule "r"', ''))
}

test.each([
  ['resource.a ==', 'not a CEL expression: unexpected token: the end  E_CEL_SYNTAX'],
  ['resource.a = 1', '"=" compares nothing; write ==  E_CEL_SYNTAX'],
  ['resource.a and true', '"and" is no operator; write &&  E_CEL_SYNTAX'],
  ['Thing{a: 1}', 'messages are not supported; write a map: { "key": value }  E_CEL_SYNTAX'],
  ['"\\ud800" == "a"', /invalid unicode|half of a surrogate/i],
  ['9223372036854775808 > 1', '9223372036854775808 does not fit into an int; write a double or a uint  E_CEL_SYNTAX'],
  ['subjct.id == "a"', 'nothing is called "subjct"; did you mean "subject"?  E_CEL_NAME'],
  [
    "status == 'open'",
    'nothing is called "status"; write what it is a part of: resource.status, subject.status or context.status  E_CEL_NAME',
  ],
  [
    'tags.exists(t, t == "x")',
    'nothing is called "tags"; write what it is a part of: resource.tags, subject.tags or context.tags  E_CEL_NAME',
  ],
  ['context.l.exists(item, itme == 1)', 'nothing is called "itme"; did you mean "item"?  E_CEL_NAME'],
  ['noww > timestamp("2026-01-01T00:00:00Z")', 'nothing is called "noww"; did you mean "now"?  E_CEL_NAME'],
  ['stat["x"] == 1', 'nothing is called "stat"; did you mean "state"?  E_CEL_NAME'],
  [
    'owner.name == "x"',
    'nothing is called "owner"; names are subject, resource, action, context, chain, state, now  E_CEL_NAME',
  ],
  ['subject == "a"', '"subject" is a map; name one of its keys: subject.id  E_PATH'],
  [
    'subject.id.x == "a"',
    '"subject.id" is a string and has no parts; for a property of that name write subject.properties.id  E_PATH',
  ],
  ['resource.name.startWith("a")', 'there is no function "startWith"; did you mean "startsWith"?  E_CEL_NAME'],
  ['startsWith("a", "b")', '"startsWith" is called on a value; write x.startsWith(…)  E_CEL_NAME'],
  ['"a".startsWith("b", "c")', '"startsWith" does not take 2 arguments; give it 1  E_CEL_NAME'],
  [
    'context.amount + 1 > 2',
    '"+" does not work on an attribute and an int; numbers of a request are doubles: write 1.0  E_CEL_TYPE',
  ],
  [
    '1 + 1.0 > 2.0',
    '"+" does not work on an int and a double; convert one of them: int(x), uint(x) or double(x)  E_CEL_TYPE',
  ],
  [
    'resource.at == timestamp("2026-01-01T00:00:00Z")',
    'an attribute is never equal to a timestamp; convert it: timestamp(resource.at)  E_CEL_TYPE',
  ],
  [
    '(context.b && true ? context.m : context.n).k % 2 == 0',
    '"%" does not work on an attribute and an int; numbers of a request are doubles, and "%" is for whole ones: write int((context.b && true ? context.m : context.n).k)  E_CEL_TYPE',
  ],
  [
    '(context.b ? ["x"] : ["y"]) == "x"',
    'a list is never equal to a string; ask whether it is one of the items: "x" in (context.b ? ["x"] : ["y"])  E_CEL_TYPE',
  ],
  [
    '(["x"] + ["y"]).startsWith("x")',
    '"startsWith" does not work on a list and a string; ask it of an item: (["x"] + ["y"]).exists(i, i.startsWith("x"))  E_CEL_TYPE',
  ],
  ['"a" == 1', 'a string is never equal to an int; compare values of one type  E_CEL_TYPE'],
  ['1 in ["a"]', 'an int is never in a list of string; look for a value of that type  E_CEL_TYPE'],
  ['"a" && true', 'a bool belongs here, not a string; compare it with something  E_CEL_TYPE'],
  ['size(resource.name)', 'the expression is an int, not a bool; compare it with something  E_CEL_TYPE'],
  ['has(subject)', '"has" asks for a part of a map; write has(x.name)  E_CEL_SYNTAX'],
  ['1.all(x, true)', /E_CEL/],
  [
    'resource.name.matches(resource.pattern)',
    'the pattern of "matches" is not constant; write it as a string: it is compiled with the policy  E_CEL_TYPE',
  ],
  ['resource.name.matches("(a")', /^bad regular expression: .*E_REGEX$/],
  ['now.getHours("Europe/Berln") > 8', 'unknown time zone "Europe/Berln"; did you mean "Europe/Berlin"?  E_ZONE'],
  ['{1.5: 2}.size() == 1', 'a double cannot be a key; keys are string, int, uint or bool  E_CEL_TYPE'],
  [
    'context.amount % 2 == 0',
    '"%" does not work on an attribute and an int; numbers of a request are doubles, and "%" is for whole ones: write int(context.amount)  E_CEL_TYPE',
  ],
  [
    'context.amount % 2u == 0u',
    '"%" does not work on an attribute and a uint; numbers of a request are doubles, and "%" is for whole ones: write uint(context.amount)  E_CEL_TYPE',
  ],
  [
    'exists(resource.x)',
    '"exists" takes a name and a condition; write x.exists(i, …); has(x.name) asks whether a part is there  E_CEL_NAME',
  ],
  [
    'resource.tags.exists("x")',
    '"exists" takes a name and a condition; write x.exists(i, …); has(x.name) asks whether a part is there  E_CEL_NAME',
  ],
  ['all(resource.tags, t, true)', '"all" takes a name and a condition; write x.all(i, …)  E_CEL_NAME'],
  ['has(resource.a, "b")', '"has" takes a part of a map; write has(x.name)  E_CEL_NAME'],
  ['not resource.x', '"not" is no operator; write !  E_CEL_SYNTAX'],
  ['len(resource.x) > 1', 'there is no function "len"; did you mean "size"?  E_CEL_NAME'],
  ['resource.tags.any(t, t == "x")', 'there is no function "any"; did you mean "exists"?  E_CEL_NAME'],
  ['duration("30d") < duration("1h")', '"30d" is not a duration; write "720h"  E_TIME'],
  ['duration("PT1H30M") < duration("1h")', '"PT1H30M" is not a duration; write "1h30m"  E_TIME'],
  [
    'duration("9999999999999999999ns") < duration("1h")',
    '9999999999999999999ns is longer than a duration can be; at most 2562047h47m, 292 years  E_TIME',
  ],
  ['duration("P1Y") < duration("1h")', '"P1Y" is not a duration; write it in h, m, s and ms, such as "1h30m"  E_TIME'],
  ['now > timestamp("2026-01-01")', '"2026-01-01" is not an RFC 3339 time; write "2026-01-01T00:00:00Z"  E_TIME'],
  [
    'now > timestamp("2026-02-30")',
    '"2026-02-30" is not an RFC 3339 time; write it like "2026-01-31T09:00:00Z"  E_TIME',
  ],
  [
    'ipaddress("10.0.0.300") == ipaddress(context.ip)',
    '"10.0.0.300" is not an address; write, for example, 10.0.0.1 or 2001:db8::1  E_CIDR',
  ],
  [
    'ipaddress("10.0.0.0/8") == ipaddress(context.ip)',
    '"10.0.0.0/8" is not an address; leave the prefix out; in_cidr takes a range  E_CIDR',
  ],
  ['ipaddress(context.ip).in_cidr("10.0.0.1")', 'the range "10.0.0.1" has no prefix; write "10.0.0.1/32"  E_CIDR'],
  ['ipaddress(context.ip).in_cidr("10.0.0.1/33")', '/33 is too long a prefix; the address has 32 bits  E_CIDR'],
  [
    'now.getHours("+25:00") > 8',
    '"+25:00" is no offset; write one from -23:59 to +23:59, or a name such as Europe/Berlin  E_ZONE',
  ],
  ['now.getHours("+1") > 8', '"+1" is no offset; write "+01:00"  E_ZONE'],
])('%s', (expression, expected) => {
  const [first] = mistakes(expression)
  if (typeof expected === 'string') expect(first).toBe(expected)
  else expect(first).toMatch(expected)
})

test.each([
  'duration("1h30m") > duration("-1.5s") && duration("0") < duration(".5us")',
  'timestamp("2026-01-01T00:00:00.5+01:00") < now',
  'ipaddress("::ffff:10.0.0.1").in_cidr("10.0.0.1/8") && ipaddress("2001:db8::1").in_cidr("2001:db8::/32")',
  'now.getHours("+23:59") > 1 && now.getHours("-08:00") > 1 && now.getHours("05:30") > 1',
  'int(context.amount) % 2 == 0',
])('%s is no mistake', (expression) => {
  expect(mistakes(expression)).toEqual([])
})

test('several at once', () => {
  expect(mistakes('foo || bar(1) || 1 < "a"')).toHaveLength(3)
})

const rule = (when: string) => `version: 1\nrules:\n  - id: r\n    allow: read\n    when: ${when}\n`

test.each([
  ['a plain scalar', 'resource.a == 1 && nobody', '5:30'],
  ['one in double quotes', '"resource.a == \\"é\\" && nobody"', '5:35'],
  ['one with an escape', '"resource.a == \\u00e9 \\t && nobody"', '5:26'],
  ['one in single quotes', "'resource.a == ''x'' && nobody'", '5:35'],
  ['one of several lines', 'resource.a == 1 &&\n        nobody', '6:9'],
  ['a literal block', '|\n      resource.a == 1 &&\n        nobody', '7:9'],
  ['a folded block', '>-\n      resource.a == 1 &&\n      nobody', '7:7'],
  ['one in its own key', '{ cel: resource.a == 1 && nobody }', '5:37'],
])('the place in %s', (_, when, place) => {
  expect(lines(rule(when))[0]).toMatch(new RegExp(`^p\\.yaml:${place} {2}error`))
})

test('in an object, the message says which character it is', () => {
  const { diagnostics } = parsePolicies({ version: 1, rules: [{ id: 'r', allow: 'read', when: 'true && nobody' }] })
  expect(diagnostics[0]?.message).toContain('nothing is called "nobody" (character 9 of the expression)')
  expect(diagnostics[0]?.place.path).toBe('rules[0].when')
})

test.each([
  ['{ cel: 5 }', 'E_TYPE'],
  ['{ cel: "true", all: [] }', 'E_CONDITION'],
  ['{ context.l: { any_matches: "item == 1" } }', 'E_CONDITION'],
])('%s', (when, code) => {
  expect(lines(rule(when))[0]).toMatch(new RegExp(`${code}$`))
})
