/** The form of a request: which parts it must have, and of which types they are (AuthZEN 1.0, section 5). */
import { BodyFault, PathNode } from '../abi/json'
import { Located, recordOf } from './located'
import { refuse } from './scan'

/** The part that is not of the form: a PathNode. */
export let faultPart: u32 = 0
/** A bit for each of the parts that the body has. */
let partsFound: u32 = 0

/** Those that it must have. */
const REQUIRED: u32 =
  (1 << PathNode.Subject) |
  (1 << PathNode.SubjectType) |
  (1 << PathNode.SubjectId) |
  (1 << PathNode.Action) |
  (1 << PathNode.ActionName) |
  (1 << PathNode.Resource) |
  (1 << PathNode.ResourceType) |
  (1 << PathNode.ResourceId)

const OBJECT: u32 = 0x7b
const LIST: u32 = 0x5b
const STRING: u32 = 0x22

/** Writes down with which bytes the parts start. */
export function prepareParts(): void {
  setPart(PathNode.Subject, OBJECT)
  setPart(PathNode.SubjectType, STRING)
  setPart(PathNode.SubjectId, STRING)
  setPart(PathNode.SubjectProperties, OBJECT)
  setPart(PathNode.OnBehalfOf, OBJECT)
  setPart(PathNode.DelegationChain, LIST)
  setPart(PathNode.Action, OBJECT)
  setPart(PathNode.ActionName, STRING)
  setPart(PathNode.ActionProperties, OBJECT)
  setPart(PathNode.Resource, OBJECT)
  setPart(PathNode.ResourceType, STRING)
  setPart(PathNode.ResourceId, STRING)
  setPart(PathNode.ResourceProperties, OBJECT)
  setPart(PathNode.Context, OBJECT)
  setPart(PathNode.Tenant, STRING)
}

function setPart(node: u32, byte: u32): void {
  const record = recordOf(node)
  store<u32>(record, byte, Located.FirstByte)
  store<u32>(record, 1 << node, Located.Part)
}

export function startForm(): void {
  partsFound = 0
}

/** Notes that a node's value begins with this byte; whether the form permits it. */
// @ts-ignore: decorator
@inline
export function isOfForm(record: u32, byte: u32): bool {
  const wanted = load<u32>(record, Located.FirstByte)
  partsFound |= load<u32>(record, Located.Part)
  return wanted == byte || wanted == 0
}

/** Notes that a part is missing or of another type; returns 0. */
export function refusePart(node: u32, at: u32): u32 {
  faultPart = node
  return refuse(BodyFault.Form, at)
}

/** Whether the body has the parts that every request has; those that it has are of the right type. */
export function hasParts(): bool {
  const missing = REQUIRED & ~partsFound
  return missing == 0 || refusePart(ctz(missing), 0) != 0
}
