/** Attempts that are under way, by whom they are charged to: no more at once than may still fail, or a crowd of them would pass uncounted. */

interface UnderWay {
  count: number
  readonly waiting: (() => void)[]
}

export class Attempts {
  readonly #underWay = new Map<string, UnderWay>()

  /**
   * Makes the attempt when there is room; until then it waits for the others of this key, which takes as long as they do.
   *
   * @param room how many more may fail; asked before each start. What it throws ends the attempt before it began.
   */
  async make<T>(key: string, room: () => number, attempt: () => Promise<T>): Promise<T> {
    const ours = this.#underWay.get(key) ?? { count: 0, waiting: [] }
    this.#underWay.set(key, ours)
    try {
      while (ours.count >= room()) await new Promise<void>((resolve) => ours.waiting.push(resolve))
      ours.count++
      try {
        return await attempt()
      } finally {
        ours.count--
      }
    } finally {
      const next = ours.waiting.shift()
      if (next !== undefined) next()
      else if (ours.count === 0 && this.#underWay.get(key) === ours) this.#underWay.delete(key)
    }
  }
}
