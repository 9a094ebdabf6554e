/** The form of RE2's published tests, as Go and re2j have them in re2-search.txt: texts, expressions, and where each is found. */
import { parseRe2 } from '../../src/policy/re2.ts'

/** Some texts, and expressions that are looked for in each of them. */
export interface Re2Block {
  readonly texts: readonly string[]
  readonly expressions: readonly Re2Expression[]
}

export interface Re2Expression {
  readonly regex: string
  /** By text. */
  readonly found: readonly boolean[]
}

/**
 * Reads such a file: after `strings` a quoted text a line; after `regexps`, a quoted expression and a line for each text.
 * Of the four results in it, divided by semicolons, the second is the unanchored search; `-` is not found.
 *
 * @throws Error when a line has another form
 */
export function* readRe2Tests(file: string): Generator<Re2Block> {
  let texts: string[] = []
  let expressions: { regex: string; found: boolean[] }[] = []
  let reading: string | undefined
  for (const line of file.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#') || /^[A-Z]/.test(line)) continue
    if (line === 'strings') {
      if (expressions.length > 0) yield { texts, expressions }
      texts = []
      expressions = []
      reading = line
    } else if (line === 'regexps') reading = line
    else if (line.startsWith('"')) {
      if (reading === 'strings') texts.push(unquoted(line))
      else expressions.push({ regex: unquoted(line), found: [] })
    } else {
      const result = line.split(';')[1]
      const found = expressions.at(-1)?.found
      if (result === undefined || found === undefined || found.length === texts.length)
        throw new Error(`not a result: ${line}`)
      found.push(result !== '-')
    }
  }
  if (expressions.length > 0) yield { texts, expressions }
}

/** Go's quoted strings: JSON's, and `\x`, `\a`, `\v`; re2j's have control characters as they are. */
function unquoted(line: string): string {
  const json = line.replace(/\\(?:\\|x([0-9a-fA-F]{2})|a|v)|\p{Cc}/gu, (part, hex: string | undefined) => {
    if (hex !== undefined) return `\\u00${hex}`
    if (part.length === 1) return `\\u${part.charCodeAt(0).toString(16).padStart(4, '0')}`
    return { '\\a': '\\u0007', '\\v': '\\u000b' }[part] ?? part
  })
  return JSON.parse(json)
}

/** Why we do not take the expression, or undefined. */
export function refusalOf(regex: string): string | undefined {
  try {
    parseRe2(regex)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
