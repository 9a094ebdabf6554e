/** The fewest tests of a condition that would have to come out differently for the whole to hold, or not to hold. */
import { Op } from '../../assembly/abi/condition.ts'
import { Truth } from '../../assembly/abi/decision.ts'
import type { Disassembler, ReadTest } from './disassemble.ts'

/** What each test came to, by the address of its node. */
export type Outcomes = ReadonlyMap<number, Truth>

export class FewestTests {
  readonly #disassembler: Disassembler
  readonly #outcomes: Outcomes
  readonly #weigh: (test: ReadTest) => number

  /** @param weigh How much it would take to change the outcome of a test. */
  constructor(disassembler: Disassembler, outcomes: Outcomes, weigh: (test: ReadTest) => number) {
    this.#disassembler = disassembler
    this.#outcomes = outcomes
    this.#weigh = weigh
  }

  /**
   * The tests below a node that have to change for it to come out as wanted, told as they have to be. `otherwise` is what
   * the tests count as when they cannot be evaluated, told likewise.
   */
  find(node: number, wanted: boolean, otherwise?: boolean): readonly ReadTest[] {
    const read = this.#disassembler
    const op = read.operation(node)
    if (op === Op.Not) return this.find(node + 4, !wanted, otherwise)
    if (op === Op.Otherwise) {
      const value = read.word(node + 4) === 1
      const settled = value === wanted && this.#truth(node + 8) === Truth.NotEvaluable
      return settled ? [] : this.find(node + 8, wanted, value === wanted)
    }
    if (op !== Op.All && op !== Op.Any) {
      const truth = this.#outcomes.get(node) ?? Truth.NotEvaluable
      if (truth === (wanted ? Truth.True : Truth.False)) return []
      return [read.test(node, !wanted, otherwise)]
    }
    const parts = read.children(node).map((child) => this.find(child, wanted, otherwise))
    if ((op === Op.All) === wanted) return parts.flat()
    return parts.reduce((best, part) => (this.#total(part) < this.#total(best) ? part : best), parts[0] ?? [])
  }

  #total(tests: readonly ReadTest[]): number {
    return tests.reduce((sum, test) => sum + this.#weigh(test), 0)
  }

  /** The core's own results, joined as it joins them. */
  #truth(node: number): Truth {
    const read = this.#disassembler
    const op = read.operation(node)
    if (op === Op.Not) {
      const inner = this.#truth(node + 4)
      return inner === Truth.NotEvaluable ? inner : inner === Truth.True ? Truth.False : Truth.True
    }
    if (op === Op.Otherwise) {
      const inner = this.#truth(node + 8)
      return inner === Truth.NotEvaluable ? (read.word(node + 4) as Truth) : inner
    }
    if (op !== Op.All && op !== Op.Any) return this.#outcomes.get(node) ?? Truth.NotEvaluable
    const parts = read.children(node).map((child) => this.#truth(child))
    const settling = op === Op.All ? Truth.False : Truth.True
    if (parts.includes(settling)) return settling
    if (parts.includes(Truth.NotEvaluable)) return Truth.NotEvaluable
    return op === Op.All ? Truth.True : Truth.False
  }
}
