/** What a text means, worked out once for each source: the rules of large policies name the same few things again and again. */
import type { SourceInfo } from './node.ts'

export class KnownTexts<T> {
  readonly #sources = new WeakMap<SourceInfo, Map<string, T>>()

  /** What `read` makes of the text, or made of it before in the same source; undefined is not kept. */
  once(source: SourceInfo, text: string, read: () => T | undefined): T | undefined {
    let texts = this.#sources.get(source)
    if (texts === undefined) {
      texts = new Map()
      this.#sources.set(source, texts)
    }
    const known = texts.get(text)
    if (known !== undefined) return known
    const value = read()
    if (value !== undefined) texts.set(text, value)
    return value
  }
}
