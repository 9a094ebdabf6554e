/** The parts of a rule's target that a request does not match. */
import { Slot } from '../../assembly/abi/frame.ts'
import type { Disassembler, ReadTest } from './disassemble.ts'
import type { RequestKeys } from './request-keys.ts'
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
