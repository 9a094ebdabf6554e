/** Every feature of the language that docs/cel.md names, in a policy, with what the request brings. */
import { describe, expect, test } from 'vitest'
import { ask, engineOf } from '../engine/support.ts'
import { decide } from './decide.ts'

const now = Date.UTC(2026, 10, 21, 9, 30, 15, 250)
const request = ask({
  subject: { zone: 'eu', level: 7, tags: ['a', 'b'], email: 'Ann@Example.org' },
  resource: { zone: 'eu', owner: null, path: '/docs/été.txt', created: '2026-11-20T23:30:00+01:00', ttl: '36h' },
  context: {
    n: 42,
    big: 9e15,
    half: 2.5,
    yes: true,
    s: 'héllo',
    list: [3, 1, 2],
    items: [
      { name: 'pen', price: 2, tags: ['x'] },
      { name: 'ink', price: 12 },
    ],
    map: { env: 'prod', team: 'a', depth: { two: 2 } },
    empty: {},
    text: '12',
    'back\\slash': 1,
    tooLong: ['9223372036854775808ns', '9999999999999999999ns', '18446744073709551616ns', '2562047h48m'],
  },
})

const features: Readonly<Record<string, readonly (readonly [when: string, expected: boolean | 'n.e.'])[]>> = {
  'literals of all types': [
    ['1 == 1u && 1 == 1.0 && 0x1f == 31 && 0x1fu == 31u && 1e3 == 1000.0', true],
    [String.raw`"\u00e9\x41\n" == "éA\n" && r"\d" == "\\d"`, true],
    [`'''a"b''' == "a\\"b" && """x""" == 'x'`, true],
    [String.raw`b"ab" == bytes("ab") && b"\377" != b"\xfe"`, true],
    ['[1, "a", null, [true]].size() == 4 && {"a": 1, 2: "b", true: 3, 4u: 5}.size() == 4', true],
  ],
  // https://github.com/google/cel-spec/blob/master/doc/langdef.md#string-and-bytes-values
  'raw literals': [
    [String.raw`r"\" == "\\" && R'\' == "\\" && r"a\b".size() == 3 && br"\" == b"\\"`, true],
    [String.raw`R"""\""" == "\\" && r'''a'b\n''' == "a'b\\n"`, true],
    [String.raw`context.s in [r"\", "héllo"] && !(context.s in [r"\", "] //"])`, true],
    [String.raw`context[r"back\slash"] == 1 && context["back\\slash"] == 1`, true],
    ['r"x".matches(r"^\\w$")', true],
  ],
  'long literals': [
    [String.raw`"""a\"""b, ?c""" == "a\"\"\"b, ?c" && '''a\''', ?''' == "a''', ?"`, true],
    ['"""a\\"""`c`""" == "a\\"\\"\\"`c`"', true],
    [String.raw`"""a\"""br""" == "a\"\"\"br" && b"""a\"""br""".size() == 6`, true],
  ],
  comparisons: [
    ['context.n > 41 && context.n >= 42u && 42.5 > context.n && context.n != 43', true],
    ['"a" < "b" && b"a" < b"b" && false < true && context.s > "h"', true],
    ['context.s < context.n', 'n.e.'],
    ['[1, 2] == [1u, 2.0] && {"a": [1]} == {"a": [1.0]}', true],
    ['context.s == context.n', false],
  ],
  'arithmetic of doubles': [
    ['context.n * 2.0 - context.half / 0.5 == 79.0', true],
    ['context.n / 0.0 > 1e300', true],
    ['-context.half == -2.5', true],
  ],
  'arithmetic of ints': [
    ['int(context.n) % 5 == 2 && -7 / 2 == -3 && -7 % 2 == -1', true],
    ['int(context.n) + 9223372036854775807 > 0', 'n.e.'],
    ['-9223372036854775808 - int(context.n) < 0', 'n.e.'],
    ['int(context.big) * 10000 > 0', 'n.e.'],
    ['-(-9223372036854775808) > 0', 'n.e.'],
    ['-9223372036854775808 / -int(context.list[1]) > 0', 'n.e.'],
    ['1 / (int(context.n) - 42) > 0', 'n.e.'],
    ['1 % (int(context.n) - 42) > 0', 'n.e.'],
  ],
  'arithmetic of uints': [
    ['uint(context.n) + 1u == 43u && 7u / 2u == 3u && 7u % 4u == 3u', true],
    ['1u - uint(context.n) < 1u', 'n.e.'],
    ['18446744073709551615u + uint(context.n) > 0u', 'n.e.'],
    ['18446744073709551615u * uint(context.n) > 0u', 'n.e.'],
    ['1u / (uint(context.n) - 42u) > 0u', 'n.e.'],
  ],
  strings: [
    ['context.s.contains("ll") && context.s.startsWith("h") && context.s.endsWith("o")', true],
    ['context.s + "!" == "héllo!" && size(context.s) == 5 && context.s.size() == 5', true],
  ],
  'the strings extension': [
    ['context.s.charAt(1) == "é" && context.s.indexOf("l") == 2 && context.s.lastIndexOf("l") == 3', true],
    ['context.s.substring(1, 3) == "él" && context.s.substring(3) == "lo"', true],
    ['context.s.substring(9) == ""', 'n.e.'],
    ['subject.email.lowerAscii() == "ann@example.org" && "ab".upperAscii() == "AB"', true],
    ['subject.email.split("@")[1] == "Example.org" && subject.tags.join("+") == "a+b"', true],
    ['context.s.replace("l", "L", 1) == "héLlo" && "  x ".trim() == "x" && context.s.reverse() == "olléh"', true],
    ['"%s has %d of %.1f".format([context.s, int(context.n), context.half]) == "héllo has 42 of 2.5"', true],
    [String.raw`strings.quote("a\"b") == "\"a\\\"b\""`, true],
  ],
  bytes: [
    ['bytes(context.s).size() == 6 && string(bytes(context.s)) == context.s', true],
    ['b"ab" + b"c" == b"abc" && base64.encode(bytes("hi")) == "aGk=" && base64.decode("aGk=") == b"hi"', true],
    [String.raw`string(b"\xff") == ""`, 'n.e.'],
  ],
  lists: [
    ['context.list[0] == 3 && context.list[int(context.list[1])] == 1 && context.list.size() == 3', true],
    ['context.list + [4] == [3, 1, 2, 4.0]', true],
    ['context.list[3] == 1', 'n.e.'],
  ],
  maps: [
    ['context.map.env == "prod" && context.map["team"] == "a" && context.map.depth.two == 2', true],
    ['context.map[context.map.team] == 1', 'n.e.'],
    ['{"a": {"b": 1}}.a.b == 1 && context.map.size() == 3', true],
  ],
  in: [
    ['subject.zone in ["eu", "us"] && 2 in context.list && !(9 in context.list)', true],
    ['"env" in context.map && !("nope" in context.map) && subject.zone in [resource.zone]', true],
    ['["x"] in context.items.map(i, has(i.tags) ? i.tags : [])', true],
    ['{"name": "ink", "price": 12} in context.items && !({"name": "ink"} in context.items)', true],
    ['context.n in context.s', 'n.e.'],
  ],
  'has()': [
    ['has(resource.owner) && has(context.map.env) && !has(context.map.nope) && !has(context.nope)', true],
    ['has(context.nope.deeper)', 'n.e.'],
    ['context.items.all(i, has(i.name)) && !context.items.all(i, has(i.tags))', true],
    ['context.list.exists(i, has(i.name))', 'n.e.'],
  ],
  conversions: [
    ['int("12") == 12 && int(2.9) == 2 && int(timestamp("1970-01-01T00:01:00Z")) == 60', true],
    ['uint(context.text) == 12u && double("1.5") == 1.5 && string(context.half) == "2.5"', true],
    ['bool("true") && string(true) == "true" && string(12u) == "12" && dyn(1) == 1.0', true],
    ['type(context.n) == double && type([]) == list && type(now) == google.protobuf.Timestamp', true],
    ['int(context.s) > 0', 'n.e.'],
    ['uint(-1) > 0u', 'n.e.'],
    ['int(1e300) > 0', 'n.e.'],
  ],
  macros: [
    ['context.items.all(i, i.price > 1) && !context.items.all(i, i.price > 2)', true],
    ['context.items.exists(i, i.name == "ink" && i.price > 10)', true],
    ['context.items.exists_one(i, i.price < 10)', true],
    ['context.items.filter(i, i.price > 10)[0].name == "ink"', true],
    ['context.items.filter(i, i.price > 10) == [{"name": "ink", "price": 12}]', true],
    ['size(context.items.filter(i, has(i.tags))) == 1', true],
    ['context.items.map(i, i.name) == ["pen", "ink"] && context.items.map(i, i.price > 5, i.price) == [12.0]', true],
    ['context.map.exists(k, k == "env") && context.map.all(k, k != "nope")', true],
    ['context.map.filter(k, k.startsWith("t")) == ["team"] && context.empty.all(k, false)', true],
    ['context.list.exists(i, v, i == 2 && v == 2) && context.map.exists(k, v, v == "prod")', true],
    ['context.list.transformList(i, v, v + double(i)) == [3.0, 2.0, 4.0]', true],
    [
      '{"a": 1}.transformMap(k, v, v + 1) == {"a": 2} && {"a": "b"}.transformMapEntry(k, v, {v: k}) == {"b": "a"}',
      true,
    ],
    ['cel.bind(x, context.n + 1.0, x * x == 1849.0)', true],
    ['context.items.all(i, i.tags.exists(t, t == "x"))', 'n.e.'],
    ['context.items.exists(i, i.tags.exists(t, t == "x"))', true],
    ['context.items.exists(i, context.items.exists(j, i.price + 10.0 == j.price))', true],
    ['context.items.exists(i, i == context.items[1]) && context.items.all(i, i.name != i.price)', true],
    ['context.n.all(x, true)', 'n.e.'],
    ['context.list.all(x, x.name == "a")', 'n.e.'],
  ],
  'optional selection': [
    ['context.?nope.orValue("none") == "none" && context.map.?env.value() == "prod"', true],
    ['context.map.?depth.?two.orValue(0.0) == 2 && !context.map.?depth.?three.hasValue()', true],
    ['context.list[?9].orValue(7.0) == 7 && context.map[?"team"].hasValue()', true],
    ['[?context.?nope, 1].size() == 1 && {?"a": context.?n}.a == 42', true],
    ['optional.of(1).or(optional.of(2)).value() == 1 && optional.none().orValue(3) == 3', true],
    ['context.?s.optMap(s, s + "!").value() == "héllo!" && !optional.ofNonZeroValue("").hasValue()', true],
    ['context.?map.optFlatMap(m, m.?env).value() == "prod"', true],
    ['context.items.exists(i, i.?tags.orValue([]).size() == 1)', true],
    ['context.?nope.value() == 1', 'n.e.'],
  ],
  // As Go reads them (https://pkg.go.dev/time#ParseDuration), up to the last nanosecond that 64 bits hold.
  'texts of durations': [
    ['duration("9223372036854775807ns") > duration("2562047h") && duration("+.5m") == duration("30s")', true],
    ['duration("-9223372036854775808ns") < duration("-2562047h")', true],
    ['duration(context.tooLong[0]) > duration("1h")', 'n.e.'],
    ['duration(context.tooLong[1]) > duration("1h")', 'n.e.'],
    ['duration(context.tooLong[2]) > duration("1h")', 'n.e.'],
    ['duration(context.tooLong[3]) > duration("1h")', 'n.e.'],
    ['context.tooLong.all(t, duration(t) <= duration("1h"))', 'n.e.'],
    [
      'duration("0.0000000001h") == duration("360ns") && duration("0.33333333333h") == duration("1199.999999988s")',
      true,
    ],
    ['duration("1.00000000000000000000000001s") == duration("1s")', true],
  ],
  'timestamps and durations': [
    ['timestamp(resource.created) < now && now - timestamp(resource.created) < duration(resource.ttl)', true],
    ['timestamp("2026-01-31T00:00:00Z") + duration("24h") == timestamp("2026-02-01T00:00:00Z")', true],
    [
      'duration("1h30m").getMinutes() == 90 && duration("1.5s") > duration("1s") && -duration("1s") < duration("0s")',
      true,
    ],
    ['now.getFullYear() == 2026 && now.getMonth() == 10 && now.getDate() == 21 && now.getDayOfMonth() == 20', true],
    ['now.getDayOfWeek() == 6 && now.getDayOfYear() == 324 && now.getMilliseconds() == 250', true],
    ['timestamp(context.s) < now', 'n.e.'],
    ['timestamp("9999-12-31T23:59:59Z") + duration("1s") > now', 'n.e.'],
  ],
  zones: [
    ['now.getHours() == 9 && now.getHours("Europe/Berlin") == 10 && now.getHours("America/New_York") == 4', true],
    ['now.getHours("+05:45") == 15 && now.getMinutes("+05:45") == 15 && now.getHours("UTC") == 9', true],
    ['timestamp(resource.created).getDayOfWeek("Europe/Berlin") == 5', true],
    ['now.getHours(context.s) == 1', 'n.e.'],
  ],
  sets: [
    ['sets.contains(subject.tags, ["a"]) && sets.equivalent([1, 2, 2], [2, 1])', true],
    ['sets.intersects(subject.tags, ["b", "z"]) && !sets.intersects(context.list, [9])', true],
    ['sets.contains(context.list, [1, 2.0]) && sets.contains(context.list, [])', true],
  ],
  math: [
    ['math.greatest(1.0, 0.0 / 0.0) == 1.0', 'n.e.'],
    ['math.least(0.0 / 0.0, 1.0) == 1.0', 'n.e.'],
    ['math.greatest(1, 2.5, 2u) == 2.5 && math.least(context.list) == 1 && math.abs(-3) == 3', true],
    [
      'math.ceil(context.half) == 3.0 && math.floor(-2.5) == -3.0 && math.round(2.5) == 3.0 && math.sign(-2.0) == -1.0',
      true,
    ],
    ['math.bitAnd(6, 3) == 2 && math.bitShiftLeft(1, 4) == 16 && math.isNaN(0.0 / 0.0)', true],
  ],
  '.matches, in the syntax of RE2': [
    [String.raw`resource.path.matches("^/docs/\\pL+\\.txt$") && matches(context.s, "l{2}")`, true],
    ['context.s.matches("(?i)H.LLO") && !context.s.matches("^llo")', true],
    ['context.n.matches("4")', 'n.e.'],
  ],
  'one or the other': [
    ['context.yes ? context.n == 42 : context.nope', true],
    ['(context.n > 50 ? "high" : "low") == "low"', true],
    ['context.n ? true : false', 'n.e.'],
  ],
  '&& and || absorb errors': [
    ['context.nope == 1 || context.yes', true],
    ['context.yes || context.nope == 1', true],
    ['context.nope == 1 && false', false],
    ['false && context.nope == 1', false],
    ['context.nope == 1 || false', 'n.e.'],
    ['context.nope == 1 && true', 'n.e.'],
    ['context.list.exists(x, x.y == 1 || x == 3)', true],
  ],
}

describe.each(Object.entries(features))('%s', (_, cases) => {
  test.each(cases)('%s', async (when, expected) => {
    expect(await decide(when, request, now)).toBe(expected)
  })
})

test.each(
  Object.values(features)
    .flat()
    .filter(([, expected]) => expected === 'n.e.')
    .map(([when]) => when),
)('a deny whose condition ends in an error denies, an allow does not apply: %s', async (when) => {
  const denies = await engineOf([
    { id: 'open', allow: 'read' },
    { id: 'closed', deny: 'read', when },
  ])
  expect(denies.evaluate(request, { now })).toMatchObject({ status: 'deny', code: 'not_evaluable', rules: ['closed'] })
  const allows = await engineOf([{ id: 'open', allow: 'read', when }])
  expect(allows.evaluate(request, { now }).status).toBe('deny')
})
