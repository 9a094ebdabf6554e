/** The relation model, as the image has it. */
import { RelationTable } from '../abi/relations'
import { relations } from '../state'

/** Steps from relation to relation that a check may follow one another. */
// @ts-ignore: decorator
@inline
export function depthLimit(): u32 {
  return load<u32>(relations, RelationTable.Depth << 2)
}

/** Address of the rewrite, 0 when the type has no such relation. */
// @ts-ignore: decorator
@inline
export function rewriteOf(type: u32, relation: u32): u32 {
  const types = load<u32>(relations, RelationTable.TypeCount << 2)
  const count = load<u32>(relations, RelationTable.RelationCount << 2)
  const conditions = load<u32>(relations, RelationTable.ConditionCount << 2)
  return load<u32>(relations + ((RelationTable.HeaderWords + types + conditions + type * (count + 1) + relation) << 2))
}
