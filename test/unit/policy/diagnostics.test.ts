/** Diagnostics as editors use them: from where to where, what types, what would mend it. */
import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../../src/policy/diagnostic.ts'
import { applyFix } from '../../../src/policy/fix.ts'
import { parsePolicies } from '../../../src/policy/index.ts'

function diagnose(text: string): readonly Diagnostic[] {
  return parsePolicies({ name: 'p.yaml', text }).diagnostics
}

/** What the range of a diagnostic covers. */
function covered(text: string, { place: { range } }: Diagnostic): string | undefined {
  return range && text.slice(range.start, range.end)
}

const rule = (rest: string) => `version: 1\nactions: [read, write]\nroles: { editor: [] }\nrules:\n  - id: r\n${rest}`
const when = (text: string) => rule(`    allow: read\n    when: ${text}\n`)

describe('a slip is mended by its fix', () => {
  test.each([
    ['a key', rule('    alow: read\n'), 'alow', 'allow'],
    ['a key in double quotes', rule('    "alow": read\n'), '"alow"', '"allow"'],
    ['a key in single quotes', rule("    'alow': read\n"), "'alow'", "'allow'"],
    ['a key of the document', 'version: 1\nruels: []\n', 'ruels', 'rules'],
    ['an operator', when('{ context.a: { equals: 1 } }'), 'equals', 'eq'],
    ['an action', rule('    allow: raed\n'), 'raed', 'read'],
    ['a role', rule('    allow: read\n    to: { role: edtior }\n'), 'edtior', 'editor'],
    ['an algorithm', 'version: 1\nalgorithm: deny-override\n', 'deny-override', 'deny-overrides'],
    ['the root of a path', when('{ resorce.zone: eu }'), 'resorce.zone', 'resource.zone'],
    ['a day', rule('    allow: read\n    during: { days: [monday] }\n'), 'monday', 'mon'],
    ['a variable in CEL', when('resource.a == 1 && subjct.b == 2'), 'subjct', 'subject'],
    ['a function in CEL', when('resource.name.startWith("a")'), 'startWith', 'startsWith'],
    ['a function that is called on nothing', when('timestmp(resource.at) < now'), 'timestmp', 'timestamp'],
    ['one equals sign', when('resource.a = 1'), '=', '=='],
    ['and in words', when('resource.a == 1 and resource.b == 2'), 'and', '&&'],
    ['one ampersand', when('"resource.a == 1 & resource.b == 2"'), '&', '&&'],
    ['a remainder of a double', when('context.amount % 2 == 0'), 'context.amount', 'int(context.amount)'],
    ['a function of other languages', when('len(resource.a) > 1'), 'len', 'size'],
    ['a duration in days', when("duration('30d') > now - now"), '30d', '720h'],
    ['a date as a time', when("timestamp('2026-01-01') < now"), '2026-01-01', '2026-01-01T00:00:00Z'],
    ['an address as a range', when("ipaddress(context.ip).in_cidr('10.0.0.1')"), '10.0.0.1', '10.0.0.1/32'],
    ['a whole number beside a double', when('context.amount + 1 > 2'), '1', '1.0'],
    [
      'a text beside a timestamp',
      when('resource.at == timestamp(context.at)'),
      'resource.at',
      'timestamp(resource.at)',
    ],
    ['a zone', when("now.getHours('Europe/Berln') > 8"), 'Europe/Berln', 'Europe/Berlin'],
    ['in a block', when('>-\n      resource.a == 1 &&\n      subjct.b == 2'), 'subjct', 'subject'],
    ['behind an escape', when('"resource.a == \\u0022x\\u0022 && subjct.b == 2"'), 'subjct', 'subject'],
  ])('%s', (_, text, word, replacement) => {
    const before = diagnose(text)
    const mended = before.find(({ fix }) => fix !== undefined)
    const edit = mended?.fix?.edits[0]
    expect(edit && text.slice(edit.range.start, edit.range.end)).toBe(word)
    expect(edit?.text).toBe(replacement)
    const after = diagnose(applyFix(text, mended!.fix!))
    expect(after.filter(({ severity }) => severity === 'error')).toHaveLength(
      before.filter(({ severity }) => severity === 'error').length - 1,
    )
  })

  test.each([
    ['context.a: subject.id', 'subject.id', '{ eq: { ref: subject.id } }'],
    ['context.a: { eq: subject.id }', 'subject.id', '{ ref: subject.id }'],
    ['context.a: { gt: now }', 'now', '{ ref: now }'],
    ["context.a: '{{subject.id}}'", "'{{subject.id}}'", '{ eq: { ref: subject.id } }'],
    ['"context.a": "resource.owner"', '"resource.owner"', '{ "eq": { "ref": "resource.owner" } }'],
    ['context.a: { eq: "context.items[0].x" }', '"context.items[0].x"', '{ "ref": "context.items[0].x" }'],
  ])('an attribute where a text is: %s', (test, word, replacement) => {
    const text = when(`{ ${test} }`)
    const [found, ...others] = diagnose(text)
    expect(others).toEqual([])
    expect(found).toMatchObject({ severity: 'warning', code: 'W_REFERENCE' })
    expect(found && covered(text, found)).toBe(word)
    expect(found?.fix?.edits[0]?.text).toBe(replacement)
    const mended = applyFix(text, found!.fix!)
    expect(diagnose(mended)).toEqual([])
  })

  test('but not by one that would mean something else where it stands', () => {
    const [inQuotes] = diagnose(when('"now.getHours(\\"Europe/Berln\\") > 8"'))
    expect(inQuotes).toMatchObject({ code: 'E_ZONE', suggestion: 'Europe/Berlin' })
    // The name is only a part of what is written there.
    const [inBraces] = diagnose(rule('    allow: "{raed,write}"\n'))
    expect(inBraces).toMatchObject({ code: 'E_ACTION', suggestion: 'read' })
    expect(inBraces?.fix).toBeUndefined()
  })

  test('nor in an object, which has no text', () => {
    const document: unknown = { version: 1, rules: [{ id: 'r', alow: 'read' }] }
    const [unknown] = parsePolicies(document as Parameters<typeof parsePolicies>[0]).diagnostics
    expect(unknown).toMatchObject({ code: 'E_KEY', suggestion: 'allow', place: { line: 0, path: 'rules[0].alow' } })
    expect(unknown?.fix ?? unknown?.place.range).toBeUndefined()
  })
})

describe('ranges', () => {
  test.each([
    ['a value', 'version: 2\n', '2'],
    ['a key', rule('    alow: read\n'), 'alow'],
    ['a text in quotes', rule('    allow: read\n    when: { context.a: { regex: "(a" } }\n'), '"(a"'],
    ['a list', rule('    allow: read\n    to: [a,\n      b]\n'), '[a,\n      b]'],
    ['a map in block style', rule('    allow:\n      a: b\n      c: d\n'), 'a: b\n      c: d'],
    ['a part of an expression', when('resource.a == 1 && size(resource.b)'), 'size(resource.b)'],
    ['an expression that is no bool', when('size(resource.b)'), 'size(resource.b)'],
    ['a call with the wrong types', when('resource.a || "x" < 1'), '"x" < 1'],
    [
      'several lines of an expression',
      when('|\n      resource.a == 1 && size(\n        resource.b)'),
      'size(\n        resource.b)',
    ],
    ['what is not YAML', 'version: 1\nrules: [}\n', '['],
  ])('of %s', (_, text, expected) => {
    expect(diagnose(text).map((one) => covered(text, one))).toContain(expected)
  })

  test('of a rule that never decides', () => {
    const text = 'version: 1\nrules:\n  - { id: none, deny: "*" }\n  - { id: travel, allow: "travel:*" }\n'
    const [found] = diagnose(text)
    expect(found && covered(text, found)).toBe('{ id: travel, allow: "travel:*" }')
  })
})

describe('types that were found, and those that would do', () => {
  test.each([
    [when('size(resource.b)'), ['an int'], ['a bool']],
    [when(`'"a" && true'`), ['a string'], ['a bool']],
    [when('1 + 1.0 > 2.0'), ['an int', 'a double'], expect.arrayContaining(['(int, int)', '(double, double)'])],
    [when('1 in ["a"]'), ['an int'], ['a string']],
    [when(`'"a" == 1'`), ['a string', 'an int'], ['values of one type']],
    [when(`'"a".orValue("b") == "c"'`), ['a string'], ['an optional']],
    [when('1.exists(x, x)'), ['an int'], ['a list', 'a map']],
    [rule('    allow: read\n    when: [a]\n'), ['a list'], ['a map']],
    [rule('    allow: 5\n'), ['the number 5'], ['a string or a list of strings']],
    ['version: 1\nrules: {}\n', ['a map'], ['a list']],
  ])('%s', (text, found, expected) => {
    expect(diagnose(text).find(({ types }) => types !== undefined)?.types).toEqual({ found, expected })
  })
})
