/**
 * Parts of CEL that the parser does not know, in a form that it does, every character in its place: names in backquotes,
 * raw bytes (`br"…"`), backslashes in raw literals, and optional elements (`[?x]`, `{?key: value}`). What they were is read from
 * the text again.
 */

/** What stands where in the text, by offset. */
export interface Prepared {
  readonly text: string
  /** Question marks before optional elements. */
  readonly optional: ReadonlySet<number>
}

/** In raw literals a backslash is one, before a quote as well: they end with the next quotes like those that begin them. */
const rawLiteral = /(?:[bB]?[rR])(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"[^"\n]*"|'[^'\n]*')/
const otherLiteral =
  /[bB]?(?:"""(?:\\[\s\S]|[^\\])*?"""|'''(?:\\[\s\S]|[^\\])*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/

/** Comments, strings with their prefixes, names, numbers, and anything else by the character. */
const token = new RegExp(
  `//[^\\n]*|${rawLiteral.source}|${otherLiteral.source}|\`[^\`\\n]*\`|[A-Za-z_]\\w*|[\\d.]+|\\s+|[\\s\\S]`,
  'g',
)

/** The text in parts, none left out. */
export function tokensOf(text: string): Iterable<RegExpExecArray> {
  return text.matchAll(token)
}

export function prepare(text: string): Prepared {
  const optional = new Set<number>()
  let result = ''
  let before = ''
  let lists = false
  for (const [part] of tokensOf(text)) {
    const at = result.length
    if (/^\s+$/.test(part) || part.startsWith('//')) {
      result += part
      continue
    }
    if (part.startsWith('`') && part.length > 2) result += '_'.repeat(part.length)
    else if (/^[bB]?[rR]["']/.test(part)) result += rawWithoutBackslashes(part)
    else if (part === '?' && (before === ',' || before === '{' || (before === '[' && lists))) {
      optional.add(at)
      result += ' '
    } else result += part
    // A bracket after an operand takes an item of it; any other one begins a list.
    if (part === '[') lists = !/^(?:\w|["'`)\]}])/.test(before.slice(-1)) || before === 'in'
    before = part
  }
  return { text: result, optional }
}

/** The parser lets them escape quotes. */
function rawWithoutBackslashes(literal: string): string {
  const text = literal.replaceAll('\\', '_')
  return /^[bBrR]{2}/.test(text) ? ` r${text.slice(2)}` : text
}

/** The text with raw literals as others, their backslashes escaped: for who reads none of it again. Places behind them are others then. */
export function withoutRawLiterals(text: string): string {
  return text.replace(token, (part) =>
    /^[bB]?[rR]["']/.test(part) ? part.replace(/^([bB]?)[rR]/, '$1').replaceAll('\\', '\\\\') : part,
  )
}

/** What stands between the quotes of a raw literal. */
export function rawText(literal: string): string {
  return literal.replace(/^[bBrR]{1,2}("""|'''|["'])([\s\S]*)\1$/, '$2')
}

/** Whether the element that starts at an offset has a question mark before it. */
export function isOptional({ text, optional }: Prepared, start: number): boolean {
  if (optional.size === 0) return false
  let at = start - 1
  // Parentheses around all of the element are not in its range.
  while (at >= 0 && /[\s(]/.test(text[at] ?? '') && !optional.has(at)) at--
  return optional.has(at)
}

/** The bytes of a literal, whose characters beyond ASCII stand for their UTF-8. */
export function bytesOf(source: string, parsed: Uint8Array): Uint8Array {
  const isAscii = [...source].every((character) => character < '\u0080')
  if (isAscii) return parsed
  const body = source.replace(/^[bB](?:"""|'''|["'])|(?:"""|'''|["'])$/g, '')
  const bytes: number[] = []
  const encoder = new TextEncoder()
  // An escape is one byte of what the parser made, a character beyond ASCII one, too: it wrote its low byte.
  let index = 0
  for (const [part] of body.matchAll(/\\(?:[xX][0-9A-Fa-f]{2}|[0-3][0-7]{2}|[\s\S])|[\s\S]/gu)) {
    if (part > '\u007f') bytes.push(...encoder.encode(part))
    else bytes.push(parsed[index] ?? 0)
    index += part > '\u007f' ? part.length : 1
  }
  return Uint8Array.from(bytes)
}
