/** What was answered, by what was done: as it should be, or not. */
export class Findings {
  /** The first of them, in words. */
  readonly unexpected: string[] = []
  readonly #counts = new Map<string, { good: number; bad: number }>()

  expect(what: string, good: number, bad: number): void {
    const count = this.#counts.get(what) ?? { good: 0, bad: 0 }
    this.#counts.set(what, { good: count.good + good, bad: count.bad + bad })
    if (bad > 0 && this.unexpected.length < 50)
      this.unexpected.push(`${what}: ${bad} of ${good + bad} were answered otherwise`)
  }

  /** One answer, which should have been this. */
  status(what: string, found: number | string, expected: number | string): void {
    const good = found === expected
    this.expect(what, good ? 1 : 0, good ? 0 : 1)
    if (!good) this.unexpected.push(`${what}: ${found} in place of ${expected}`)
  }

  table(): Record<string, { good: number; bad: number }> {
    return Object.fromEntries(this.#counts)
  }
}
