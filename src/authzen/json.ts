/**
 * Request bodies as JSON, read strictly: two readers of one body must not see two different requests. What I-JSON
 * (RFC 7493) leaves out is refused: duplicate names, lone surrogates, numbers beyond a double.
 */
import { printParseErrorCode, visit } from 'jsonc-parser'
import { SallyportError } from '../errors.ts'
import { isMap } from '../text/is-map.ts'

export type JsonObject = { readonly [key: string]: unknown }

/** The value of an own property; what a prototype supplies is not part of a request. */
export function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/**
 * Parses a request body.
 *
 * @throws SallyportError `E_REQUEST` when the text is not one JSON object, repeats a name within an object, nests
 * deeper than `maxDepth`, or holds a lone surrogate or a number beyond IEEE doubles.
 * @example parseBody('{"subject":{"type":"user","id":"alice"}}', 64).subject // { type: 'user', id: 'alice' }
 */
export function parseBody(text: string, maxDepth: number): JsonObject {
  if (text.trim() === '') throw bad('the body is empty; send a JSON object')
  checkText(text, maxDepth)
  let value: unknown
  try {
    // It has the last word on syntax, and makes `__proto__` an own property like any other name.
    value = JSON.parse(text)
  } catch {
    throw bad('the body is not valid JSON')
  }
  if (!isMap(value)) throw bad('the body is not a JSON object')
  return value
}

/**
 * Parses a request body from its bytes.
 *
 * @throws SallyportError `E_REQUEST` as `parseBody` does, and when the bytes are not UTF-8.
 */
export function parseBytes(body: ArrayBuffer | Uint8Array, maxDepth: number): JsonObject {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw bad('the body is not valid UTF-8')
  }
  return parseBody(text, maxDepth)
}

/** Looks at every name and literal once; throws at the first that is not allowed, before anything deep is built. */
function checkText(text: string, maxDepth: number): void {
  // One set of names per open object; a list has none.
  const open: (Set<string> | undefined)[] = []
  const enter = (names: Set<string> | undefined) => {
    if (open.push(names) > maxDepth) throw bad(`the body is nested deeper than ${maxDepth} levels`)
  }
  const leave = () => {
    open.pop()
  }
  visit(
    text,
    {
      onObjectBegin: () => enter(new Set()),
      onObjectEnd: leave,
      onArrayBegin: () => enter(undefined),
      onArrayEnd: leave,
      onObjectProperty: (name, _offset, _length, line, column) => {
        checkString(name, line, column)
        const names = open.at(-1)
        if (names?.has(name)) throw bad(`the name ${quote(name)} appears twice in one object${at(line, column)}`)
        names?.add(name)
      },
      onLiteralValue: (value, _offset, _length, line, column) => {
        if (typeof value === 'string') checkString(value, line, column)
        if (typeof value === 'number' && !Number.isFinite(value)) {
          throw bad(`the number is too large for an IEEE double${at(line, column)}`)
        }
      },
      onError: (code, _offset, _length, line, column) => {
        throw bad(`the body is not valid JSON: ${words(printParseErrorCode(code))}${at(line, column)}`)
      },
    },
    { disallowComments: true },
  )
}

function checkString(value: string, line: number, column: number): void {
  // With the u flag a surrogate pair is one code point, so this finds lone ones only.
  if (/\p{Surrogate}/u.test(value)) throw bad(`a string holds a lone surrogate${at(line, column)}`)
}

function at(line: number, column: number): string {
  return ` at line ${line + 1}, column ${column + 1}`
}

/** 'ValueExpected' → 'value expected'. */
function words(name: string): string {
  return name.replace(/(?<!^)([A-Z])/g, ' $1').toLowerCase()
}

/** Text from a request, safe to show: escaped and short. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}

export function bad(message: string): SallyportError {
  return new SallyportError('E_REQUEST', message)
}
