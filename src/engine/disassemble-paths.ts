/** Paths of attributes, as a policy would write them. */
import type { ItemSpec, SlotSpec } from '../compiler/slots.ts'

/** What a slot reads. */
export function slotPath({ root, keys }: SlotSpec): string {
  return pathText(root, root === 'chain' ? withoutProperties(keys, typeof keys[1] === 'number' ? 2 : 1) : keys)
}

/** What is read of the items of a list. */
export function itemPath(list: SlotSpec | undefined, item: ItemSpec | undefined): string {
  const keys = item?.keys ?? []
  return pathText('item', list?.root === 'chain' ? withoutProperties(keys, 0) : keys)
}

/** Without the `properties` at an index, where what follows cannot be taken for a part of the actor. */
function withoutProperties(keys: SlotSpec['keys'], at: number): SlotSpec['keys'] {
  const next = keys[at + 1]
  if (keys[at] !== 'properties' || next === 'type' || next === 'id' || next === 'properties') return keys
  return keys.toSpliced(at, 1)
}

function pathText(root: string, keys: readonly (string | number)[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`
    return /^[A-Za-z0-9_-]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`
  }, root)
}
