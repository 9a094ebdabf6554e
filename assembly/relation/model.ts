/** The relation model, as the image has it. */
import { RelationTable } from '../abi/relations'
import { relations } from '../state'

/** Where the addresses of rewrites are, and how many bytes of them a type has. */
let rewrites: u32 = 0
let perType: u32 = 0
let depth: u32 = 0

/** For the image that was loaded. */
export function prepareModel(): void {
  const types = load<u32>(relations, RelationTable.TypeCount << 2)
  const conditions = load<u32>(relations, RelationTable.ConditionCount << 2)
  rewrites = relations + ((RelationTable.HeaderWords + types + conditions) << 2)
  perType = (load<u32>(relations, RelationTable.RelationCount << 2) + 1) << 2
  depth = load<u32>(relations, RelationTable.Depth << 2)
}

/** Steps from relation to relation that a check may follow one another. */
// @ts-ignore: decorator
@inline
export function depthLimit(): u32 {
  return depth
}

/** Address of the rewrite, 0 when the type has no such relation. */
// @ts-ignore: decorator
@inline
export function rewriteOf(type: u32, relation: u32): u32 {
  return load<u32>(rewrites + type * perType + (relation << 2))
}
