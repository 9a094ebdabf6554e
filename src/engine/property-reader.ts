/**
 * Reading properties by names that only the policies tell, each from a place of its own in the code. V8 remembers the shapes of
 * objects by the place that reads them, and one place for all names has it search a table each time (its megamorphic stub
 * cache): a tenth of a decision. Engines of one program share the places, and are back at the table where their names differ.
 */

/** The property of the object whose name is at that place in the list. */
export type ReadProperty = (object: { readonly [name: string]: unknown }, place: number) => unknown

/** Twelve places of their own: so few that V8 takes the function into its callers' code. The names after them share one. */
export function createPropertyReader(names: readonly string[]): ReadProperty {
  const [n0 = '', n1 = '', n2 = '', n3 = '', n4 = '', n5 = '', n6 = '', n7 = ''] = names
  const [n8 = '', n9 = '', n10 = '', n11 = ''] = names.slice(8)
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
        return object[names[place] ?? '']
    }
  }
}
