/** Keeping the values of secret attributes out of everything that people are shown. */
import type { SecretSpec } from '../compiler/metadata.ts'
import type { AttributeValue } from '../policy/document.ts'

/** What stands in place of a secret value, and of what it is compared with. */
export const SECRET = '(secret)'

type Keys = readonly (string | number)[]

export class Secrets {
  readonly #paths: readonly SecretSpec[]

  constructor(paths: readonly SecretSpec[] = []) {
    this.#paths = paths
  }

  /** Whether the attribute is a secret, or lies below one. */
  covers(root: string, keys: Keys): boolean {
    return this.#paths.some((secret) => secret.root === root && startsWith(keys, secret.keys))
  }

  /** Whether a secret lies below the attribute. */
  isAbove(root: string, keys: Keys): boolean {
    return this.#paths.some((secret) => secret.root === root && startsWith(secret.keys, keys))
  }

  /** The attribute's value, with what is secret in it replaced. The value is the caller's own copy. */
  mask(root: string, keys: Keys, value: AttributeValue): AttributeValue {
    if (this.#paths.length === 0) return value
    if (this.covers(root, keys)) return SECRET
    for (const secret of this.#paths) {
      if (secret.root === root && startsWith(secret.keys, keys)) hide(value, secret.keys.slice(keys.length))
    }
    return value
  }
}

/** `a["0"]` and `a[0]` are taken for the same: one secret too many does no harm. */
function startsWith(keys: Keys, start: Keys): boolean {
  return start.length <= keys.length && start.every((key, i) => String(key) === String(keys[i]))
}

function hide(value: AttributeValue, [key = '', ...rest]: Keys): void {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return
  const container = value as Record<string | number, AttributeValue>
  if (rest.length > 0) hide(container[key]!, rest)
  else container[key] = SECRET
}
