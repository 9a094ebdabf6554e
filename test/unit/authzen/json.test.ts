import { describe, expect, it } from 'vitest'
import { parseBody } from '../../../src/authzen/json.ts'
import { SallyportError } from '../../../src/errors.ts'

function refusal(text: string): string {
  try {
    parseBody(text, 64)
  } catch (error) {
    if (error instanceof SallyportError && error.code === 'E_REQUEST') return error.message
    throw error
  }
  return 'accepted'
}

const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`

describe('parseBody', () => {
  it('reads one JSON object', () => {
    expect(parseBody(' {"a":[1,-0.5e3,"\\u00e9",true,null,{}]} ', 64)).toEqual({ a: [1, -500, 'é', true, null, {}] })
  })

  it.each([
    ['', 'empty'],
    ['  \n', 'empty'],
    ['{"a": ', 'not valid JSON'],
    ['{"a":1}}', 'not valid JSON'],
    ['{"a":1}{}', 'not valid JSON'],
    ['{"a":1,}', 'not valid JSON'],
    ['{a:1}', 'not valid JSON'],
    ["{'a':1}", 'not valid JSON'],
    ['{"a":NaN}', 'not valid JSON'],
    ['{"a":Infinity}', 'not valid JSON'],
    ['{"a":01}', 'not valid JSON'],
    ['{"a":+1}', 'not valid JSON'],
    ['{"a":.5}', 'not valid JSON'],
    ['{"a":"\t"}', 'not valid JSON'],
    ['{"a":"\\x"}', 'not valid JSON'],
    ['{"a":1 /* why */}', 'not valid JSON'],
    ['{"a":\u00a01}', 'not valid JSON'],
    ['[]', 'not a JSON object'],
    ['"text"', 'not a JSON object'],
    ['null', 'not a JSON object'],
    ['{"a":1e400}', 'too large'],
  ])('refuses %j', (text, reason) => {
    expect(refusal(text)).toContain(reason)
  })

  it('says where the mistake is', () => {
    expect(refusal('{\n  "a": nope\n}')).toBe('the body is not valid JSON: invalid symbol at line 2, column 8')
  })

  it('refuses a name that appears twice in one object, however it is written', () => {
    expect(refusal('{"a":{"b":1,"\\u0062":2}}')).toBe('the name "b" appears twice in one object at line 1, column 13')
    expect(refusal('{"__proto__":1,"__proto__":2}')).toContain('"__proto__" appears twice')
    expect(parseBody('{"a":{"b":1},"b":{"b":2},"c":[{"b":1},{"b":1}]}', 64)).toHaveProperty('c.1.b', 1)
  })

  it('refuses lone surrogates in strings and names, and takes pairs', () => {
    for (const text of [
      '{"a":"\\ud800"}',
      '{"a":"\\udc00x"}',
      '{"\\udfff":1}',
      '{"a":"\\ude00\\ud83d"}',
      '{"a":"\ud800"}',
    ]) {
      expect(refusal(text)).toContain('lone surrogate')
    }
    expect(parseBody('{"a":"\\ud83d\\ude00"}', 64)).toEqual({ a: '😀' })
  })

  it('counts levels of nesting up to the limit', () => {
    expect(refusal(nested(64))).toBe('accepted')
    expect(refusal(nested(65))).toBe('the body is nested deeper than 64 levels')
    expect(refusal(nested(500_000))).toBe('the body is nested deeper than 64 levels')
    expect(refusal('{"a":'.repeat(100_000))).toBe('the body is nested deeper than 64 levels')
  })

  it('keeps __proto__ and constructor ordinary names', () => {
    const body = parseBody('{"__proto__":{"subject":1},"constructor":{"prototype":{"polluted":1}}}', 64)
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype)
    expect(Object.keys(body)).toEqual(['__proto__', 'constructor'])
    expect(body).not.toHaveProperty('subject')
    expect({}).not.toHaveProperty('polluted')
  })
})
