/** Texts one after another in UTF-8, and where each begins: how the image holds strings and the texts of rules. */
export class TextList {
  readonly #encoder = new TextEncoder()
  readonly #offsets: number[] = [0]
  #bytes = new Uint8Array(4096)
  #end = 0

  push(text: string): void {
    // Three bytes hold any UTF-16 code unit (RFC 3629).
    const most = this.#end + text.length * 3
    if (most > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(most, this.#bytes.length * 2))
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#end += this.#encoder.encodeInto(text, this.#bytes.subarray(this.#end)).written
    this.#offsets.push(this.#end)
  }

  /** The two sections: byte offsets (one more than texts), and the bytes. */
  encode(): { offsets: Uint32Array; bytes: Uint8Array } {
    return { offsets: Uint32Array.from(this.#offsets), bytes: this.#bytes.slice(0, this.#end) }
  }
}
