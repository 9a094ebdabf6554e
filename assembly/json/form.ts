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

/** Those that are objects, and those that are strings. */
const OBJECTS: u32 =
  (1 << PathNode.Subject) |
  (1 << PathNode.SubjectProperties) |
  (1 << PathNode.OnBehalfOf) |
  (1 << PathNode.Action) |
  (1 << PathNode.ActionProperties) |
  (1 << PathNode.Resource) |
  (1 << PathNode.ResourceProperties) |
  (1 << PathNode.Context)
const STRINGS: u32 =
  (1 << PathNode.SubjectType) |
  (1 << PathNode.SubjectId) |
  (1 << PathNode.ActionName) |
  (1 << PathNode.ResourceType) |
  (1 << PathNode.ResourceId) |
  (1 << PathNode.Tenant)

/** Writes down with which bytes the parts start. */
export function prepareParts(): void {
  for (let node: u32 = 1; node < <u32>PathNode.FixedCount; node++) {
    const part: u32 = 1 << node
    const record = recordOf(node)
    store<u32>(record, part, Located.Part)
    if (part & OBJECTS) store<u32>(record, 0x7b, Located.FirstByte)
    if (part & STRINGS) store<u32>(record, 0x22, Located.FirstByte)
  }
  store<u32>(recordOf(PathNode.DelegationChain), 0x5b, Located.FirstByte)
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
