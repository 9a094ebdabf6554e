/**
 * Own properties only: what a prototype supplies is no part of a request, be it `constructor` or what some other code has
 * put on Object.prototype. Asking `Object.hasOwn` for every attribute is a tenth of a decision, so projection.ts asks it
 * only where it must: not for an object whose prototype is a clean Object.prototype, when Object.prototype has no such name.
 * What this does not see: a property that other code adds to Object.prototype after the engine was made and hides from
 * loops (`enumerable: false`). SECURITY.md says so.
 */
import { SallyportError } from '../errors.ts'

/** The prototype of what JSON.parse and object literals make. An own property named `__proto__` is never equal to it. */
export const PLAIN: unknown = Object.prototype

const EMPTY = {}

/** The parts of requests and actors themselves, which are read without asking whether they are own. */
const PARTS: readonly string[] = [
  'subject',
  'action',
  'resource',
  'context',
  'state',
  'tenant',
  'type',
  'id',
  'name',
  'properties',
  'on_behalf_of',
  'delegation_chain',
]

/** @throws SallyportError `E_PLATFORM` when Object.prototype has a part of requests, shown in loops or not. */
export function refuseInheritedParts(): void {
  for (const name of PARTS)
    if (isInherited(name)) {
      throw new SallyportError('E_PLATFORM', `other code set Object.prototype.${name}`)
    }
}

/**
 * Whether nothing was added to Object.prototype that a loop over any object would find.
 *
 * @throws SallyportError `E_PLATFORM` when a part of requests was: every request would seem to have it.
 */
export function isObjectPrototypeClean(): boolean {
  let clean = true
  for (const _ in EMPTY) {
    refuseInheritedParts()
    clean = false
  }
  return clean
}

/** Whether a value is what an object literal or JSON.parse makes: it has own properties and those of Object.prototype. */
export function isPlain(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && (value as { readonly __proto__: unknown }).__proto__ === PLAIN
}

/** Whether Object.prototype has the name, so that a plain object seems to have it, too. */
export function isInherited(key: string): boolean {
  return key in Object.prototype
}

/** An own property's value, or undefined. */
export function own(object: { readonly [key: string]: unknown }, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}
