import { Id } from '../../assembly/abi/frame.ts'
import type { PolicyModel } from '../policy/model.ts'
import type { StringTable } from './strings.ts'
import type { GlobKeyTable } from './targets.ts'
import { Words } from './words.ts'

const ACTION = 0

export function encodeRoutes(model: PolicyModel, strings: StringTable, globKeys: GlobKeyTable): Words {
  const words = new Words()
  for (const route of model.routes) {
    words.push(route.sets.filter((set) => set < 32).reduce((mask, set) => (mask | (1 << set)) >>> 0, 0))
    words.push(route.sets.filter((set) => set >= 32).reduce((mask, set) => (mask | (1 << (set - 32))) >>> 0, 0))
    words.push(route.actions.length === 0 ? Id.AnyAction : route.actions.length)
    words.push(0)
    for (const action of route.actions) {
      words.push(action.kind === 'exact' ? strings.intern(action.value) : globKeys.keyOf(ACTION, action.source))
    }
    if (route.actions.length % 2 === 1) words.push(0)
  }
  return words
}
