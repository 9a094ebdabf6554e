/** What a text means, worked out once for each source: the rules of large policies name the same few things again and again. */
import type { SourceInfo } from './node.ts'

export class KnownTexts<T> {
  readonly #sources = new WeakMap<SourceInfo, Map<string, T>>()

  get(source: SourceInfo, text: string): T | undefined {
    return this.#sources.get(source)?.get(text)
  }

  /** Keeps what a text means, if it means anything; returns that. */
  keep(source: SourceInfo, text: string, value: T | undefined): T | undefined {
    if (value === undefined) return undefined
    const texts = this.#sources.get(source)
    if (texts === undefined) this.#sources.set(source, new Map([[text, value]]))
    else texts.set(text, value)
    return value
  }
}
