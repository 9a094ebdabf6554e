import type { PolicyModel } from '../policy/model.ts'
import { Words } from './words.ts'

/** Separations of duty, the static ones first; see Separation in assembly/abi/rules.ts. Role ids as in encodeRoles. */
export function encodeSeparations({ separations, roles }: PolicyModel): Words {
  const ids = new Map([...roles.keys()].map((name, id) => [name, id]))
  const words = new Words()
  for (const { kind, roles: names, atMost } of separations) {
    words.push(kind === 'static' ? 0 : 1)
    words.push(atMost)
    words.push(names.length)
    for (const name of names) words.push(ids.get(name) ?? 0)
  }
  return words
}
