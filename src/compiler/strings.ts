import { TextList } from './text-list.ts'

/** The string table: every string that a decision may compare, each once, numbered in order of first use. */
export class StringTable {
  readonly #ids = new Map<string, number>()

  /** The string's id; a new one when the string is new. */
  intern(text: string): number {
    const known = this.#ids.get(text)
    if (known !== undefined) return known
    const id = this.#ids.size
    this.#ids.set(text, id)
    return id
  }

  /** The two sections: byte offsets (one more than strings) and UTF-8 bytes. */
  encode(): { offsets: Uint32Array; bytes: Uint8Array } {
    const texts = new TextList()
    for (const text of this.#ids.keys()) texts.push(text)
    return texts.encode()
  }
}
