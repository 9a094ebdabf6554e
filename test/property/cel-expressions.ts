/**
 * Random well-typed CEL expressions over a few attributes of the context, from a seed. What is left out here is where the
 * evaluator they are compared with differs from the specification; docs/cel.md names it.
 */

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

type Kind =
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'ints'
  | 'strings'
  | 'map'
  | 'timestamp'
  | 'duration'

/** Attributes by the type that they usually have. */
const attributes: Partial<Record<Kind, readonly string[]>> = {
  bool: ['context.flag'],
  double: ['context.x', 'context.y', 'context.deep.n'],
  string: ['context.s', 'context.t', 'context.deep.name'],
  strings: ['context.words'],
  map: ['context.counts'],
}

const ints = [
  '0',
  '1',
  '-1',
  '2',
  '7',
  '-3',
  '63',
  '9223372036854775807',
  '-9223372036854775808',
  '4611686018427387904',
]
const uints = ['0u', '1u', '2u', '9u', '18446744073709551615u', '9223372036854775808u']
const doubles = ['0.0', '1.0', '-1.5', '2.5', '1e10', '0.1', '1e-7', '123456789.125', '9007199254740993.0', '1e300']
const strings = ['""', '"a"', '"ab"', '"b"', '"é"', '"\uffee"', '"a,b"', '"ABC"', '"12"', '"1.5"', '"true"', '" x "']
const bytes = ['b""', 'b"a"', 'b"ab"', 'b"\\x00\\xff"']
const durations = ['"1s"', '"1h30m"', '"-1.5s"', '"100ms"', '"0"', '"8760h"', '"-3ms"']
const timestamps = [
  '"1970-01-01T00:00:00Z"',
  '"2024-02-29T23:59:59.999Z"',
  '"2026-11-21T09:00:00+01:00"',
  '"0201-01-01T00:00:00Z"',
  '"9999-12-31T23:59:59Z"',
  '"1969-12-31T23:59:59.5Z"',
]

/** A bool expression, or one of any type. */
export function randomExpression(seed: number, depth = 4): string {
  const next = random(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T
  const kinds: readonly Kind[] = [
    'bool',
    'bool',
    'bool',
    'int',
    'uint',
    'double',
    'string',
    'ints',
    'strings',
    'duration',
  ]
  let variable = 0

  const leaf = (kind: Kind): string => {
    const names = attributes[kind]
    if (names !== undefined && next() < 0.4) return pick(names)
    switch (kind) {
      case 'bool':
        return pick(['true', 'false'])
      case 'int':
        return pick(ints)
      case 'uint':
        return pick(uints)
      case 'double':
        return pick(doubles)
      case 'string':
        return pick(strings)
      case 'bytes':
        return pick(bytes)
      case 'ints':
        return pick(['[]', '[1]', '[1, 2, 3]', '[3, -1, 3]'])
      case 'strings':
        return pick(['[]', '["a"]', '["a", "b", "a"]'])
      case 'map':
        return pick(['{}', '{"a": 1.0}', '{"a": 2.0, "b": 0.5}'])
      case 'timestamp':
        return `timestamp(${pick(timestamps)})`
      case 'duration':
        return `duration(${pick(durations)})`
    }
  }

  const make = (kind: Kind, left: number): string => {
    if (left <= 0 || next() < 0.1) return leaf(kind)
    const of = (other: Kind): string => make(other, left - 1)
    const options = forms[kind]
    return pick(options)(of, left)
  }

  /** Operands with an order. */
  const ordered = (): Kind => pick(['int', 'uint', 'double', 'string', 'timestamp', 'duration', 'bytes', 'bool'])
  const any = (): Kind =>
    pick(['int', 'uint', 'double', 'string', 'ints', 'strings', 'map', 'bool', 'duration', 'bytes'])
  const name = (): string => `v${variable++}`

  type Form = (of: (kind: Kind) => string, left: number) => string
  const arithmetic = (kind: Kind, operators: readonly string[]): Form[] =>
    operators.map(
      (operator): Form =>
        (of) =>
          `(${of(kind)} ${operator} ${of(kind)})`,
    )
  const conditional =
    (kind: Kind): Form =>
    (of) =>
      `(${of('bool')} ? ${of(kind)} : ${of(kind)})`
  const over =
    (macro: string): Form =>
    (of) => {
      const v = name()
      const [list, body] =
        next() < 0.5
          ? [of('ints'), `${v} ${pick(['<', '==', '>'])} ${of('int')}`]
          : [of('strings'), `${v} == ${of('string')}`]
      return `${list}.${macro}(${v}, ${body})`
    }
  const forms: Record<Kind, readonly Form[]> = {
    bool: [
      (of) => `(${of('bool')} && ${of('bool')})`,
      (of) => `(${of('bool')} || ${of('bool')})`,
      // The other evaluator leaves out two negations in a row, and with them whether it is a bool.
      (of) => `!(${of('bool')} || false)`,
      (of) => {
        const kind = any()
        return `(${of(kind)} ${pick(['==', '!='])} ${of(kind)})`
      },
      (of) => {
        const kind = ordered()
        return `(${of(kind)} ${pick(['<', '<=', '>', '>='])} ${of(kind)})`
      },
      (of) =>
        `(${of(pick(['int', 'uint', 'double']))} ${pick(['<', '<=', '>', '>=', '=='])} ${of(pick(['int', 'uint', 'double']))})`,
      (of) => `(string(${of('string')}) in ${of('strings')})`,
      (of) => `(string(${of('string')}) in ${of('map')})`,
      (of) => `(${of('int')} in ${of('ints')})`,
      (of) => `${of('string')}.${pick(['contains', 'startsWith', 'endsWith'])}(${of('string')})`,
      () =>
        pick([
          'has(context.x)',
          'has(context.nowhere)',
          'has(context.deep.n)',
          'has(context.deep.nowhere)',
          'has(context.nowhere.x)',
        ]),
      over('all'),
      over('exists'),
      over('exists_one'),
      conditional('bool'),
      (of) => `bool(${of('string')})`,
      (of) => `(context.nothing ${pick(['==', '!='])} ${pick(['null', of('string'), 'context.x', 'context.counts'])})`,
      () => pick(['(context.x == context.y)', '(context.counts == context.deep)', '(context.words == context.counts)']),
    ],
    int: [
      ...arithmetic('int', ['+', '-', '*', '/']),
      (of) => `(${of('int')} % ${pick(['2', '7', '-3', '0'])})`,
      (of) => `-(${of('int')} + 0)`,
      (of) => `size(${of(pick(['string', 'bytes', 'ints', 'strings', 'map']))})`,
      (of) => `int(${of(pick(['uint', 'double', 'int', 'timestamp']))})`,
      (of) => `${of('ints')}[${of('int')}]`,
      (of) =>
        `${of('timestamp')}.${pick(['getFullYear', 'getMonth', 'getDate', 'getDayOfMonth', 'getDayOfWeek', 'getHours', 'getMinutes', 'getSeconds', 'getMilliseconds'])}()`,
      (of) =>
        `${of('timestamp')}.${pick(['getHours', 'getDate', 'getMinutes'])}(${pick(['"+02:30"', '"-11:00"', '"UTC"'])})`,
      (of) => `${of('duration')}.${pick(['getHours', 'getMinutes', 'getSeconds'])}()`,
      (of) => `${of('string')}.${pick(['indexOf', 'lastIndexOf'])}(${of('string')})`,
      conditional('int'),
    ],
    uint: [
      ...arithmetic('uint', ['+', '-', '*', '%']),
      (of) => `uint(${of(pick(['int', 'double', 'uint']))})`,
      conditional('uint'),
    ],
    double: [
      ...arithmetic('double', ['+', '-', '*', '/']),
      // As above: the other evaluator leaves out two in a row.
      (of) => `-(${of('double')} * 1.0)`,
      (of) => `double(${of(pick(['int', 'uint', 'double']))})`,
      () =>
        `double(${pick(['"1.5"', '"-0"', '"1e400"', '"123456789012345678901234567890"', '"4.9e-324"', '"0.1"', '"2.2250738585072011e-308"'])})`,
      () => `context.counts${pick(['.a', '["b"]', '.nowhere'])}`,
      (of) => `${of('map')}[${of('string')}]`,
      conditional('double'),
    ],
    string: [
      (of) => `(${of('string')} + ${of('string')})`,
      (of) => `string(${of(pick(['int', 'uint', 'double', 'bool', 'bytes', 'string']))})`,
      (of) => `${of('strings')}[${of('int')}]`,
      (of) => `${of('string')}.charAt(${of('int')})`,
      (of) => `${of('string')}.substring(${of('int')})`,
      (of) => `${of('string')}.replace(${pick(['"a"', '"b"', '"ab"', '"é"'])}, ${of('string')})`,
      (of) => `${of('string')}.${pick(['lowerAscii', 'upperAscii', 'trim'])}()`,
      (of) => `${of('strings')}.join(${of('string')})`,
      conditional('string'),
    ],
    bytes: [(of) => `bytes(${of('string')})`, conditional('bytes')],
    ints: [
      (of) => `[${of('int')}, ${of('int')}]`,
      (of) => `(${of('ints')} + ${of('ints')})`,
      (of) => {
        const v = name()
        return `${of('ints')}.map(${v}, ${v} ${pick(['+', '*', '-'])} ${of('int')})`
      },
      (of) => {
        const v = name()
        return `${of('ints')}.filter(${v}, ${v} ${pick(['<', '!='])} ${of('int')})`
      },
      (of) => {
        const v = name()
        return `${of('strings')}.map(${v}, size(${v}))`
      },
      conditional('ints'),
    ],
    strings: [
      (of) => `[${of('string')}, ${of('string')}]`,
      (of) => `(${of('strings')} + ${of('strings')})`,
      (of) => {
        const v = name()
        return `${of('strings')}.map(${v}, ${v} + ${of('string')})`
      },
      (of) => {
        const v = name()
        return `${of('strings')}.filter(${v}, ${v} != ${of('string')})`
      },
      conditional('strings'),
    ],
    map: [(of) => `{${pick(strings)}: ${of('double')}, ${pick(strings)}: ${of('double')}}`, conditional('map')],
    timestamp: [(of) => `(${of('timestamp')} ${pick(['+', '-'])} ${of('duration')})`, conditional('timestamp')],
    duration: [...arithmetic('duration', ['+', '-']), conditional('duration')],
  }
  return make(pick(kinds), depth)
}

/** What the context of a request holds for these expressions. */
export function randomContext(seed: number): Record<string, unknown> {
  const next = random(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T
  const word = (): string => pick(['a', 'b', 'ab', '', 'é', '\u20acx', 'hello world', '12'])
  const number = (): number => pick([0, 1, -1, 2.5, 3, 1e15, 0.1, -7.75, 2 ** 53])
  const other = (): unknown => pick([true, 5, 'a', [1], { a: 1 }])
  const usually = <T>(value: () => T): T | unknown => (next() < 0.9 ? value() : other())
  // Never a text: the other evaluator takes any of them for a number.
  const usuallyNumber = (): unknown => (next() < 0.9 ? number() : pick([true, [1], { a: 1 }]))
  const context: Record<string, unknown> = {
    nothing: null,
    flag: usually(() => next() < 0.5),
    x: usuallyNumber(),
    y: usuallyNumber(),
    s: usually(word),
    t: usually(word),
    words: usually(() => Array.from({ length: Math.floor(next() * 4) }, word)),
    counts: usually(() => Object.fromEntries(['a', 'b', 'c'].filter(() => next() < 0.6).map((key) => [key, number()]))),
    deep: { n: usuallyNumber(), name: usually(word) },
  }
  for (const key of Object.keys(context)) if (next() < 0.05) delete context[key]
  return context
}
