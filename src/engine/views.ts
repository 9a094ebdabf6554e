/** Views of the first bytes from a place on, kept by their length: making one takes longer than copying what is in it. */

/** Longer ones are made each time. */
const MOST = 512

export class Views {
  #of = new Uint8Array()
  #from = 0
  #kept: Uint8Array<ArrayBuffer>[] = []

  take(of: Uint8Array<ArrayBuffer>, from: number, length: number): Uint8Array<ArrayBuffer> {
    if (length > MOST) return of.subarray(from, from + length)
    if (of !== this.#of || from !== this.#from) {
      this.#of = of
      this.#from = from
      this.#kept = []
    }
    const view = this.#kept[length] ?? of.subarray(from, from + length)
    this.#kept[length] = view
    return view
  }
}
