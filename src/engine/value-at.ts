/** Values below others: paths of own keys and list indexes. */
import { ELSEWHERE, type ReadPlain } from './property-reader.ts'

type Keys = readonly (string | number)[]

/** The value at a path of own keys and list indexes; undefined where there is none, an invalid one where it goes through that. */
export function valueAt(value: unknown, keys: Keys): unknown {
  let current = value
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    if (typeof current !== 'object' || current === null) return isInvalid(current) ? current : undefined
    if (Array.isArray(current) !== (typeof key === 'number') || !Object.hasOwn(current, key)) return undefined
    current = (current as Record<string | number, unknown>)[key]
  }
  return current
}

/** A path, and where its keys are in the reader; undefined when that does not serve. */
export interface Path {
  readonly keys: Keys
  readonly places: readonly number[] | undefined
}

/** As `valueAt`. `clean`: isObjectPrototypeClean. */
export function valueBelow(value: unknown, { keys, places }: Path, read: ReadPlain, clean: boolean): unknown {
  if (!clean || places === undefined) return valueAt(value, keys)
  let current = value
  for (let i = 0; i < places.length; i++) {
    if (typeof current !== 'object' || current === null) return valueAt(value, keys)
    current = read(current, places[i]!)
    if (current === ELSEWHERE) return valueAt(value, keys)
  }
  return current
}

/** What is no value of the language: whatever is looked for below it is not there, but cannot be said to be missing. */
function isInvalid(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value)
  return typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol'
}
