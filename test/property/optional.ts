/** Keys of random maps that may be left out. */
import fc from 'fast-check'

/** The value, `odds` times as often as undefined. */
export const maybe = <T>(value: fc.Arbitrary<T>, odds = 1) => fc.option(value, { nil: undefined, freq: odds + 1 })

/** Keys whose value is undefined are left out: exact optional properties, and JSON has none either. */
export function compact<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}

/** A map without keys. */
export function isEmpty(value: object | string | undefined): boolean {
  return typeof value === 'object' && Object.keys(value).length === 0
}
