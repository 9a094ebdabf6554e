/** Routes: which sets decide an action. The first route with a key among the request's action keys chooses. */
import { Id } from './abi/frame'
import { hasActionKey } from './keys'
import { allSets, routes, routesEnd } from './state'

export function chooseSets(): u64 {
  let at = routes
  while (at < routesEnd) {
    const count = load<u32>(at, 8)
    if (count == Id.AnyAction) return load<u64>(at)
    for (let i: u32 = 0; i < count; i++) if (hasActionKey(load<u32>(at + 16 + (i << 2)))) return load<u64>(at)
    at += 16 + (((count + 1) & ~1) << 2)
  }
  return allSets
}
