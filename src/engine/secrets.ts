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
    const below = root === 'chain' ? propertyOfActor(keys) : undefined
    if (below !== undefined && this.covers('subject', below)) return true
    return this.#paths.some((secret) => secret.root === root && startsWith(keys, secret.keys))
  }

  /** Whether a secret lies below the attribute. */
  isAbove(root: string, keys: Keys): boolean {
    if (root === 'chain') {
      // Whole actors are above all that actors keep secret.
      const below = propertyOfActor(keys) ?? (keys[0] === 'ancestors' && keys.length < 3 ? [] : undefined)
      if (below !== undefined && this.isAbove('subject', below)) return true
    }
    return this.#paths.some((secret) => secret.root === root && startsWith(secret.keys, keys))
  }

  /** The attribute's value, with what is secret in it replaced. The value is the caller's own copy. */
  mask(root: string, keys: Keys, value: AttributeValue): AttributeValue {
    if (this.#paths.length === 0) return value
    if (this.covers(root, keys)) return SECRET
    const below = root === 'chain' ? propertyOfActor(keys) : undefined
    if (below !== undefined) this.mask('subject', below, value)
    if (root === 'chain' && keys[0] === 'ancestors') for (const actor of [value].flat()) this.#maskActor(actor)
    for (const secret of this.#paths) {
      if (secret.root === root && startsWith(secret.keys, keys)) hide(value, secret.keys.slice(keys.length))
    }
    return value
  }

  #maskActor(actor: AttributeValue): void {
    if (typeof actor !== 'object' || actor === null || !Object.hasOwn(actor, 'properties')) return
    const { properties } = actor as { readonly properties: AttributeValue }
    for (const { root, keys } of this.#paths) if (root === 'subject') hide(properties, keys)
  }
}

/** What is secret of the subject is secret of every actor: the keys of a property below `chain.root` or `chain.ancestors[0]`. */
function propertyOfActor([part, ...keys]: Keys): Keys | undefined {
  const below = part === 'ancestors' ? keys.slice(1) : keys
  return below[0] === 'properties' ? below.slice(1) : undefined
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
