/** The parts that every request has, as strings, and the form of the whole (AuthZEN Authorization API 1.0, section 5). */
import { BodyFault, PathNode } from './json-abi'
import { find, Located } from './json-parse'
import { refuse } from './json-scan'
import { madeLength, resolveToken } from './json-text'

/** The part that is not of the form: a PathNode. */
export let faultPart: u32 = 0

/** Notes that a part is missing or of another type; returns false. */
export function refusePart(node: u32, at: u32): bool {
  refuse(BodyFault.Form, at)
  faultPart = node
  return false
}

/** Whether a node's value starts with this byte. */
function startsWith(node: u32, byte: u32, optional: bool): bool {
  const entry = find(node)
  if (entry == 0) return optional || refusePart(node, 0)
  const start = load<u32>(entry, Located.Start)
  return load<u8>(start) == byte || refusePart(node, start)
}

// @ts-ignore: decorator
@inline
function isObject(node: u32, optional: bool = false): bool {
  return startsWith(node, 0x7b, optional)
}

// @ts-ignore: decorator
@inline
function isText(node: u32, optional: bool = false): bool {
  return startsWith(node, 0x22, optional)
}

/** Whether the subject, action and resource are there, and they and what is beside them of the right type. */
export function hasForm(): bool {
  return (
    isObject(PathNode.Subject) &&
    isText(PathNode.SubjectType) &&
    isText(PathNode.SubjectId) &&
    isObject(PathNode.SubjectProperties, true) &&
    isObject(PathNode.Action) &&
    isText(PathNode.ActionName) &&
    isObject(PathNode.ActionProperties, true) &&
    isObject(PathNode.Resource) &&
    isText(PathNode.ResourceType) &&
    isText(PathNode.ResourceId) &&
    isObject(PathNode.ResourceProperties, true) &&
    isObject(PathNode.Context, true) &&
    isText(PathNode.Tenant, true)
  )
}

/** Where the text of a part is, a string without escapes. */
export function partText(node: u32): u32 {
  const entry = find(node)
  const start = load<u32>(entry, Located.Start)
  if (load<u32>(entry, Located.Extra) == 0) return start + 1
  const token = resolveToken(start + 1, load<u32>(entry, Located.End) - 1)
  store<u32>(entry, token, Located.Start)
  store<u32>(entry, token + madeLength + 2, Located.End)
  store<u32>(entry, 0, Located.Extra)
  return token + 1
}

/** How long it is, once `partText` was asked for. */
export function partLength(node: u32): u32 {
  const entry = find(node)
  return load<u32>(entry, Located.End) - load<u32>(entry, Located.Start) - 2
}
