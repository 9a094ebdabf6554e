/** The parts of a rule's target that a request does not match. */
import { Slot } from '../../assembly/abi/frame.ts'
import { Info } from '../../assembly/abi/memory.ts'
import type { Core } from './core.ts'
import type { Disassembler, ReadTest } from './disassemble.ts'
import { DIMENSIONS, isName, type RuleRecord } from './rule-records.ts'
import { SECRET } from './secrets.ts'

/** What a dimension of the index is called; in the order of a block's keys. The role is the last. */
const PARTS: readonly { readonly path: string; readonly slot: number | undefined }[] = [
  { path: 'action.name', slot: Slot.ActionName },
  { path: 'resource.type', slot: Slot.ResourceType },
  { path: 'resource.id', slot: Slot.ResourceId },
  { path: 'subject.id', slot: Slot.SubjectId },
  { path: 'subject.roles', slot: undefined },
]

/** Dimensions by name. */
export const ACTION = 0
export const RESOURCE_TYPE = 1
const ROLE = 4

/** The keys that the core found for a request, per dimension: its names, the patterns that cover them, its roles. */
export type RequestKeys = readonly ReadonlySet<number>[]

/** Reads them after `match`. */
export function readKeys(core: Core): RequestKeys {
  const stride = core.info(Info.KeysStride) >>> 2
  return PARTS.map((_, dimension) => {
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

/** The dimensions in which the rule's target does not match; the core's own keys are the judge. */
export function mismatches({ keys }: RuleRecord, request: RequestKeys): readonly number[] {
  const wrong: number[] = []
  for (let dimension = 0; dimension < DIMENSIONS; dimension++) {
    const own = keys[dimension]!
    if (own.length > 0 && !own.some((key) => request[dimension]!.has(key))) wrong.push(dimension)
  }
  return wrong
}

/** A dimension as a test, as if the target were a condition. It belongs to no node. */
export function targetTest({ keys }: RuleRecord, dimension: number, disassembler: Disassembler): ReadTest {
  const { path, slot } = PARTS[dimension]!
  const own = keys[dimension]!
  const secret = slot === undefined && disassembler.secrets.covers('subject', ['roles'])
  const names = own.map((key) => disassembler.key(key))
  const operator = slot === undefined ? 'holds one of' : own.every(isName) ? 'in' : 'matches'
  return {
    node: 0,
    path,
    operator,
    expected: secret ? SECRET : names,
    slot,
    negated: false,
    secret,
    otherwise: undefined,
  }
}

/** The path of a dimension. */
export function pathOfDimension(dimension: number): string {
  return PARTS[dimension]!.path
}
