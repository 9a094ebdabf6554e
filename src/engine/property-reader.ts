/**
 * Reading properties whose names are known only when an image is loaded. V8 remembers the shapes of objects by the place in the
 * code that reads them; one place for all names would meet all shapes, and be several times slower. So the first names have places
 * of their own. Code made for an image would do the same; Workers run none that is made at run time.
 */
import { PLAIN } from './own-property.ts'

/** In place of a value: the object is not plain, so that only the careful way tells its own properties. See own-property.ts. */
export const ELSEWHERE = Symbol('elsewhere')

/** The property at a place: of which object it is, the place says, too. */
export type ReadProperty = (subject: Named, resource: Named, context: Named, place: number) => unknown

interface Named {
  readonly [name: string]: unknown
}

/**
 * The property of an object whose name is at that place in the list; ELSEWHERE for an object that is not plain. Only for names that plain
 * objects do not inherit, and while Object.prototype is clean.
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

/** Those of the subject, of the resource and of the context, as `Source` counts them. */
export type RootPlaces = readonly PropertyPlaces[]

/**
 * One reader of three objects, so that one jump finds object and name: a processor foresees two worse. Places 0, 3, 6 and so on are the
 * subject's. Eight of each have places of their own: so few that V8 takes the function into its caller's code. The names after them share one.
 */
export function createPropertyReader(places: RootPlaces): ReadProperty {
  const [s0, s1, s2, s3, s4, s5, s6, s7] = named(places[0]!.names, 0)
  const [r0, r1, r2, r3, r4, r5, r6, r7] = named(places[1]!.names, 0)
  const [c0, c1, c2, c3, c4, c5, c6, c7] = named(places[2]!.names, 0)
  return function readProperty(subject, resource, context, place) {
    switch (place) {
      case 0:
        return subject[s0]
      case 1:
        return resource[r0]
      case 2:
        return context[c0]
      case 3:
        return subject[s1]
      case 4:
        return resource[r1]
      case 5:
        return context[c1]
      case 6:
        return subject[s2]
      case 7:
        return resource[r2]
      case 8:
        return context[c2]
      case 9:
        return subject[s3]
      case 10:
        return resource[r3]
      case 11:
        return context[c3]
      case 12:
        return subject[s4]
      case 13:
        return resource[r4]
      case 14:
        return context[c4]
      case 15:
        return subject[s5]
      case 16:
        return resource[r5]
      case 17:
        return context[c5]
      case 18:
        return subject[s6]
      case 19:
        return resource[r6]
      case 20:
        return context[c6]
      case 21:
        return subject[s7]
      case 22:
        return resource[r7]
      case 23:
        return context[c7]
      default:
        return [subject, resource, context][place % 3]![places[place % 3]!.names[Math.trunc(place / 3)]!]
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
