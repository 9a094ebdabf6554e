/**
 * Takes the values out of what is to be written as SQL. What is left is a shape, of which there are few: its SQL is written once
 * and then found again, so that building statements costs next to nothing.
 */
import type { Value } from '../schema/table.ts'
import { type Condition, isNullTest } from '../statement.ts'
import type { Fields } from '../values.ts'
import { Slot } from './builder.ts'

export type Slots = Readonly<Record<string, Slot>>
export type LiftedCondition = Condition<Slot, Slot>

export class Lift {
  readonly values: Value[] = []
  /** What is the same of all that have the same SQL. */
  shape: string

  constructor(...names: readonly (string | boolean)[]) {
    this.shape = names.join(' ')
  }

  value(value: Value): Slot {
    this.values.push(value)
    return new Slot(this.values.length - 1)
  }

  fields(fields: Fields): Slots {
    const names = Object.keys(fields)
    this.shape += `;${names.join(' ')}`
    return Object.fromEntries(names.map((name) => [name, this.value(fields[name]!)]))
  }

  conditions(conditions: readonly Condition[]): LiftedCondition[] {
    this.shape += ';'
    return conditions.map((condition) => {
      this.shape += `${condition.column} ${condition.is},`
      if (isNullTest(condition)) return condition
      const { column, is, plus } = condition
      const left = { column, is, ...(plus === undefined ? {} : { plus: this.#summand(plus) }) }
      if (!('to' in condition)) return { ...left, value: this.value(condition.value) }
      this.shape += `${condition.to},`
      return { ...left, to: condition.to }
    })
  }

  #summand(value: number): Slot {
    this.shape += '+'
    return this.value(value)
  }
}
