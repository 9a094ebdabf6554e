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
    const encoder = new TextEncoder()
    const texts = [...this.#ids.keys()]
    const offsets = new Uint32Array(texts.length + 1)
    let bytes = new Uint8Array(1024)
    let end = 0
    texts.forEach((text, i) => {
      // Three bytes hold any UTF-16 code unit (RFC 3629).
      if (bytes.length - end < text.length * 3) {
        const larger = new Uint8Array(bytes.length * 2 + text.length * 3)
        larger.set(bytes)
        bytes = larger
      }
      end += encoder.encodeInto(text, bytes.subarray(end)).written
      offsets[i + 1] = end
    })
    return { offsets, bytes: bytes.slice(0, end) }
  }
}
