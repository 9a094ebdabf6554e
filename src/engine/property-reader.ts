/**
 * Reading properties whose names are known only when an image is loaded. V8 remembers the shapes of objects by the place in the
 * code that reads them; one place for all names would meet all shapes, and be several times slower. So the first names have places
 * of their own. Code made for an image would do the same; Workers run none that is made at run time.
 */
import { PLAIN } from './own-property.ts'

/** In place of a value: the object is not plain, so that only the careful way tells its own properties. See own-property.ts. */
export const ELSEWHERE = Symbol('elsewhere')

/** The property of an object whose name is at that place in the list. */
export type ReadProperty = (object: { readonly [name: string]: unknown }, place: number) => unknown

/**
 * The same of whatever there is: ELSEWHERE for what is not plain. Only for names that plain objects do not inherit, and while
 * Object.prototype is clean.
 */
export type ReadPlain = (object: object, place: number) => unknown

/** Which names are read: the same name below the same root has one place, and no other has it. */
export class PropertyPlaces {
  readonly names: string[] = []
  readonly #places = new Map<string, number>()

  of(root: string, key: string | number): number {
    const label = `${root}.${key}`
    const place = this.#places.get(label) ?? this.names.push(String(key)) - 1
    this.#places.set(label, place)
    return place
  }
}

/** Twelve places of their own: so few that V8 takes the function into its callers' code. The names after them share one. */
export function createPropertyReader(names: readonly string[]): ReadProperty {
  const [n0, n1, n2, n3, n4, n5, n6, n7] = named(names, 0)
  const [n8, n9, n10, n11] = named(names, 8)
  return function readProperty(object, place) {
    switch (place) {
      case 0:
        return object[n0]
      case 1:
        return object[n1]
      case 2:
        return object[n2]
      case 3:
        return object[n3]
      case 4:
        return object[n4]
      case 5:
        return object[n5]
      case 6:
        return object[n6]
      case 7:
        return object[n7]
      case 8:
        return object[n8]
      case 9:
        return object[n9]
      case 10:
        return object[n10]
      case 11:
        return object[n11]
      default:
        return object[names[place]!]
    }
  }
}

/** The same for sixteen places, which look at the prototype, too. */
export function createPlainReader(names: readonly string[]): ReadPlain {
  // An import would be looked up at each use.
  const plain = PLAIN
  // As a name in the code, V8 would take all of its places for one.
  const proto = '__proto__'
  const [n0, n1, n2, n3, n4, n5, n6, n7] = named(names, 0)
  const [n8, n9, n10, n11, n12, n13, n14, n15] = named(names, 8)
  return function readPlain(value, place) {
    const object = value as { readonly [name: string]: unknown }
    switch (place) {
      case 0:
        return object[proto] === plain ? object[n0] : ELSEWHERE
      case 1:
        return object[proto] === plain ? object[n1] : ELSEWHERE
      case 2:
        return object[proto] === plain ? object[n2] : ELSEWHERE
      case 3:
        return object[proto] === plain ? object[n3] : ELSEWHERE
      case 4:
        return object[proto] === plain ? object[n4] : ELSEWHERE
      case 5:
        return object[proto] === plain ? object[n5] : ELSEWHERE
      case 6:
        return object[proto] === plain ? object[n6] : ELSEWHERE
      case 7:
        return object[proto] === plain ? object[n7] : ELSEWHERE
      case 8:
        return object[proto] === plain ? object[n8] : ELSEWHERE
      case 9:
        return object[proto] === plain ? object[n9] : ELSEWHERE
      case 10:
        return object[proto] === plain ? object[n10] : ELSEWHERE
      case 11:
        return object[proto] === plain ? object[n11] : ELSEWHERE
      case 12:
        return object[proto] === plain ? object[n12] : ELSEWHERE
      case 13:
        return object[proto] === plain ? object[n13] : ELSEWHERE
      case 14:
        return object[proto] === plain ? object[n14] : ELSEWHERE
      case 15:
        return object[proto] === plain ? object[n15] : ELSEWHERE
      default:
        return object[proto] === plain ? object[names[place]!] : ELSEWHERE
    }
  }
}

/** Where there are no names. */
export const readNothing: ReadPlain = () => ELSEWHERE

type Eight = readonly [string, string, string, string, string, string, string, string]

/** Eight names; where there are no more, nothing reads their places. */
function named(names: readonly string[], from: number): Eight {
  return names.slice(from) as readonly string[] as Eight
}
