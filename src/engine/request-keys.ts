/** The keys by which the core looked for rules, as `match` leaves them. */
import { Info } from '../../assembly/abi/memory.ts'
import type { Core } from './core.ts'
import { DIMENSIONS } from './rule-records.ts'

/** The last dimension of the index. */
const ROLE = DIMENSIONS - 1

/** The keys that the core found for a request, per dimension: its names, the patterns that cover them, its roles. */
export type RequestKeys = readonly ReadonlySet<number>[]

/** Reads them after `match`. */
export function readKeys(core: Core): RequestKeys {
  const stride = core.info(Info.KeysStride) >>> 2
  return Array.from({ length: DIMENSIONS }, (_, dimension) => {
    const list = (core.info(Info.Keys) >>> 2) + dimension * stride
    const count = core.i32[list] ?? 0
    return new Set(core.i32.subarray(list + 1, list + 1 + count))
  })
}

/** The ids of the active roles, inherited ones included, in the order in which the core came upon them. */
export function readRoles(core: Core): Int32Array {
  const list = (core.info(Info.Keys) + ROLE * core.info(Info.KeysStride)) >>> 2
  return core.i32.slice(list + 1, list + 1 + (core.i32[list] ?? 0))
}
