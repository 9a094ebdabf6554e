/** The words and marks of a SpiceDB schema, one after the other; comments and spaces between them do not count. */

/** The schema is not formed as one; the message names the line. */
export class SchemaError extends Error {
  override name = 'SchemaError'
}

/** Spaces, comments, and semicolons, which only end what a line's end would. */
const gap = /(?:[\s;]|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y
const token = /->|[A-Za-z_][\w/]*|[{}()|&+\-=:#*,<>.]/y

/** Parentheses in parentheses, and types in types: more than any schema needs, and far from the stack's end. */
const maxDepth = 64

export class Scanner {
  readonly #text: string
  #at = 0
  #depth = 0
  /** The next token, '' at the end. */
  next = ''

  constructor(text: string) {
    this.#text = text
    this.#advance()
  }

  #advance(): void {
    gap.lastIndex = this.#at
    gap.exec(this.#text)
    token.lastIndex = gap.lastIndex
    const [found] = token.exec(this.#text) ?? []
    this.#at = found === undefined ? gap.lastIndex : token.lastIndex
    this.next = found ?? ''
    if (found === undefined && this.#at < this.#text.length) throw this.error(`${JSON.stringify(this.#text[this.#at])}`)
  }

  /** Takes the next token. */
  take(): string {
    const taken = this.next
    this.#advance()
    return taken
  }

  /** Takes this token when it is the next one. */
  skip(expected: string): boolean {
    if (this.next !== expected) return false
    this.#advance()
    return true
  }

  /** @throws SchemaError when another token comes next */
  expect(expected: string): void {
    if (!this.skip(expected)) throw this.error(`${this.#found()} where "${expected}" belongs`)
  }

  /** @throws SchemaError when no name comes next */
  name(what: string): string {
    if (/^[A-Za-z_]/.test(this.next)) return this.take()
    throw this.error(`${this.#found()} where ${what} belongs`)
  }

  /** The text up to the brace that closes the one just before; then what follows it is next. */
  body(): string {
    if (this.next !== '{') throw this.error(`${this.#found()} where "{" belongs`)
    const start = this.#at
    const part = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\/\/[^\n]*|[{}]/g
    part.lastIndex = start
    let depth = 1
    for (let found = part.exec(this.#text); found !== null; found = part.exec(this.#text)) {
      if (found[0] === '{') depth++
      if (found[0] !== '}' || --depth > 0) continue
      this.#at = part.lastIndex
      this.#advance()
      return this.#text.slice(start, found.index)
    }
    throw this.error('a brace that nothing closes')
  }

  /**
   * What is read one level deeper.
   *
   * @throws SchemaError when that is too deep
   */
  nested<T>(read: () => T): T {
    if (this.#depth >= maxDepth) throw this.error(`nested deeper than ${maxDepth} levels`)
    this.#depth++
    const result = read()
    this.#depth--
    return result
  }

  error(found: string): SchemaError {
    const line = this.#text.slice(0, this.#at).split('\n').length
    return new SchemaError(`line ${line} of the schema: ${found}`)
  }

  #found(): string {
    return this.next === '' ? 'the end' : JSON.stringify(this.next)
  }
}
