/**
 * Copies of what callers pass. The guard waits for its store and for others between one look and the next, and a caller may change its
 * objects meanwhile: so each method takes a copy before it waits for anything, and looks at nothing else.
 */
import { SallyportError } from '../errors.ts'

/** So many objects are copied without being remembered: few requests have more, and one that holds itself comes to an end after these. */
const UNREMEMBERED = 64
/** In all. More than policies can read of a request. */
const MOST_VALUES = 1_000_000

type Entries = Record<string | number, unknown>

/**
 * The same data in other objects. As the engine reads it: own properties only, each read once; nothing is converted. What is no plain
 * object does not become one, and functions, which are no data, stay what they are.
 *
 * @throws SallyportError `E_REQUEST` when something in it cannot be read, or there is too much of it
 */
export function copyOf<T>(value: T): T {
  if (!isObject(value)) return value
  try {
    return copied(value) as T
  } catch (cause) {
    throw unreadable(cause)
  }
}

/** What a getter threw, as an error about the request. */
export function unreadable(cause: unknown): SallyportError {
  if (cause instanceof SallyportError) return cause
  return new SallyportError('E_REQUEST', 'the request holds what cannot be read', { cause })
}

/** Without recursion: a value may be deeper than there is room on the stack. */
function copied(root: object): object {
  const copying = new Copying()
  const first = copying.shallow(root)
  if (isClosed(first)) return first
  /** Copies whose values are still those of the caller. */
  const open = [first]
  for (let next = 0; next < open.length; next++) {
    const copy = open[next] as Entries
    const remembered = next >= UNREMEMBERED
    if (Array.isArray(copy)) {
      for (let i = 0; i < copy.length; i++) {
        if (isObject(copy[i])) copy[i] = copying.inner(copy[i], remembered, open)
      }
      continue
    }
    for (const key in copy) {
      const value = copy[key]
      if (isObject(value) && Object.hasOwn(copy, key)) copy[key] = copying.inner(value, remembered, open)
    }
  }
  return first
}

class Copying {
  readonly #known = new Map<object, object>()
  #values = 0

  /** The copy of a value inside of another one; `open` gets it, unless it was there before. */
  inner(value: object, remembered: boolean, open: object[]): object {
    const known = remembered ? this.#known.get(value) : undefined
    if (known !== undefined) return known
    const copy = this.shallow(value)
    if (remembered) this.#known.set(value, copy)
    if (!isClosed(copy)) open.push(copy)
    return copy
  }

  /** A copy that has the same values. */
  shallow(value: object): object {
    if (Array.isArray(value)) {
      const { length } = value
      this.#count(length)
      const items: unknown[] = []
      // By index: what a host hides in other properties of a list is none of its items.
      for (let i = 0; i < length; i++) items.push(value[i])
      return items
    }
    if (isClosed(value)) return Object.setPrototypeOf(structuredClone(value), Object.getPrototypeOf(value))
    const prototype: object | null = Object.getPrototypeOf(value)
    const copy: object = prototype === Object.prototype ? { ...value } : Object.create(prototype)
    const names = Object.getOwnPropertyNames(value)
    this.#count(names.length)
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!
      // The engine reads also what loops do not find.
      if (!Object.hasOwn(copy, name)) define(copy, name, (value as Entries)[name])
    }
    return copy
  }

  #count(values: number): void {
    this.#values += values
    if (this.#values <= MOST_VALUES) return
    throw new SallyportError('E_REQUEST', `the request holds more than ${MOST_VALUES} values`)
  }
}

function define(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true })
}

/** Whether what it says is not in its properties, so that these are no copy of it. */
function isClosed(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === Array.prototype) return false
  return ArrayBuffer.isView(value) || CLOSED.some((one) => value instanceof one)
}

const CLOSED = [Date, String, Number, Boolean]

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
