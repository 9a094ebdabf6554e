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
])('%s', (expression, expected) => {
  const [first] = mistakes(expression)
  if (typeof expected === 'string') expect(first).toBe(expected)
  else expect(first).toMatch(expected)
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
