/** Ranges of syntax: the text of every part is an expression that means what the part means. */
import { expect, test } from 'vitest'
import { prepare } from '../../../src/cel/prepare.ts'
import { isProblem, parse, type Syntax } from '../../../src/cel/syntax.ts'
import { conformanceCases } from './conformance-cases.ts'

function read(text: string): Syntax {
  const syntax = parse(text, prepare(text).text)
  if (isProblem(syntax)) throw new Error(`${text}: ${syntax.found}`)
  return syntax
}

function partsOf({ op, args }: Syntax): Syntax[] {
  const parts = op === 'value' ? [] : ([args].flat(3) as unknown[])
  return parts.filter((part) => typeof part === 'object') as Syntax[]
}

const shapeOf = (syntax: Syntax): string => `${syntax.op}(${partsOf(syntax).map(shapeOf).join()})`

/** The texts of all parts, after a look at whether each is an expression like the part. */
function texts(whole: string): string[] {
  const found: string[] = []
  const visit = (syntax: Syntax): void => {
    const text = whole.slice(syntax.range.start, syntax.range.end)
    found.push(text)
    expect(shapeOf(read(text)), text).toBe(shapeOf(syntax))
    for (const part of partsOf(syntax)) visit(part)
  }
  visit(read(whole))
  return found
}

test.each<[string, readonly string[]]>([
  ['(a + b) * c', ['(a + b) * c', 'a + b', 'a', 'b', 'c']],
  ['a * (b + c)', ['a * (b + c)', 'a', 'b + c', 'b', 'c']],
  ['((a) + b) * ((c))', ['((a) + b) * ((c))', '(a) + b', 'a', 'b', 'c']],
  ['((a == b))', ['a == b', 'a', 'b']],
  ['f((a), (b))', ['f((a), (b))', 'a', 'b']],
  ['(a ? b : c).d', ['(a ? b : c).d', 'a ? b : c', 'a', 'b', 'c']],
  ['(a ? b : (c))', ['a ? b : (c)', 'a', 'b', 'c']],
  ['-(a) < !(b)', ['-(a) < !(b)', '-(a)', 'a', '!(b)', 'b']],
  ['(a).f((b)).g()', ['(a).f((b)).g()', '(a).f((b))', 'a', 'b']],
  ['(a)[(b)]', ['(a)[(b)]', 'a', 'b']],
  ['[(a), (b)] + [(c)]', ['[(a), (b)] + [(c)]', '[(a), (b)]', 'a', 'b', '[(c)]', 'c']],
  ['( a // )\n ) + (")")', ['( a // )\n ) + (")")', 'a', '")"']],
  [`(r"\\") == ("(")`, [`(r"\\") == ("(")`, `r"\\"`, '"("']],
])('%s', (whole, expected) => {
  expect(texts(whole)).toEqual(expected)
})

test('a long chain takes no stack', () => {
  const chain = Array.from({ length: 5000 }, (_, i) => `(a${i})`).join(' + ')
  expect(read(chain).range).toEqual({ start: 0, end: chain.length })
})

test("the specification's expressions", () => {
  const { cases } = conformanceCases()
  for (const { expression } of cases) if (!isProblem(parse(expression, prepare(expression).text))) texts(expression)
  expect(cases.length).toBeGreaterThan(1000)
})
