/** Texts one after another in UTF-8, and where each begins: how the image holds strings and the texts of rules. */
import { ENCODER } from '../text/utf8.ts'
export class TextList {
  readonly #texts: string[] = []

  push(text: string): void {
    this.#texts.push(text)
  }

  /** The two sections: byte offsets (one more than texts), and the bytes. */
  encode(): { offsets: Uint32Array; bytes: Uint8Array } {
    const texts = this.#texts
    const offsets = new Uint32Array(texts.length + 1)
    const joined = texts.join('')
    // All at once: a call for each text takes longer than its few bytes.
    const bytes = ENCODER.encode(joined)
    const isAscii = bytes.length === joined.length
    let end = 0
    for (let i = 0; i < texts.length; i++) {
      const text = texts[i] as string
      end += isAscii ? text.length : ENCODER.encode(text).length
      offsets[i + 1] = end
    }
    return { offsets, bytes }
  }
}
