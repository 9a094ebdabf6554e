/** Values below others: paths of own keys and list indexes. */
import { isInherited, isPlain } from './own-property.ts'

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

/** A path, and whether plain objects may be asked for its keys without further ado; see own-property.ts. */
export interface Path {
  readonly keys: Keys
  readonly direct: boolean
}

export function pathOf(keys: Keys): Path {
  return { keys, direct: keys.every((key) => typeof key === 'string' && !isInherited(key)) }
}

/** As `valueAt`. `clean`: isObjectPrototypeClean. */
export function valueBelow(value: unknown, { keys, direct }: Path, clean: boolean): unknown {
  if (!clean || !direct) return valueAt(value, keys)
  let current = value
  for (let i = 0; i < keys.length; i++) {
    if (!isPlain(current)) return valueAt(value, keys)
    current = current[keys[i]!]
  }
  return current
}

/** What is no value of the language: whatever is looked for below it is not there, but cannot be said to be missing. */
function isInvalid(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value)
  return typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol'
}
