/** The subject's roles in a body: names, and objects that hold a role on some resources only. As src/engine/roles.ts. */
import { Id, RolesInput, Slot, Tag } from '../abi/frame'
import { Layout } from '../abi/memory'
import { BodyFault, PathFlag, PathNode, PathTable } from '../abi/json'
import { sameText } from './hash'
import { firstItem, firstMember, name, nameLength, nextAfter, readName } from './members'
import { find, Located } from './located'
import { partLength, partText } from './parts'
import { isString } from './paths'
import { reserve, top } from './room'
import { escaped, fault, refuse, skipValue, stringEnd } from './scan'
import { nodeKey, pathField } from './state'
import { idOf } from './strings'
import { unescape } from './text'
import { startList, writeInside, writeParts } from './value'
import { frame, rolesInput } from '../state'

/** The text of the last string that `readText` was asked for; not kept. */
let text: u32 = 0
let textLength: u32 = 0

function readText(token: u32): void {
  const end = stringEnd(token + 1)
  text = token + 1
  textLength = end - text
  if (!escaped) return
  reserve(textLength)
  textLength = unescape(token + 1, end, top) - top
  text = top
}

/** Writes the roles for the rule index; false with a fault. */
export function writeRoles(): bool {
  const entry = find(PathNode.SubjectRoles)
  const cell = frame + Slot.SubjectRoles * Layout.CellSize
  if (entry == 0) {
    store<u32>(rolesInput, RolesInput.InSlot)
    store<u32>(cell, Tag.LeftOut)
    return true
  }
  const start = load<u32>(entry, Located.Start)
  const byte = load<u8>(start)
  if (byte == 0x22 || (byte == 0x5b && load<u32>(entry, Located.Extra) <= <u32>RolesInput.Most)) return listRoles(start)
  store<u32>(rolesInput, RolesInput.InSlot)
  if (byte != 0x5b) refuse(BodyFault.Roles, start)
  return fault == BodyFault.None
}

function listRoles(list: u32): bool {
  let count: u32 = 0
  for (let item = firstRole(list); item != 0; item = nextRole(list, item)) {
    const token = applyingRole(item)
    if (token == 0) continue
    readText(token)
    store<u32>(rolesInput + (++count << 2), idOf(text, textLength))
  }
  store<u32>(rolesInput, count)
  return fault == BodyFault.None
}

/** The first item of a list, or the one name that stands in place of a list. */
function firstRole(list: u32): u32 {
  return load<u8>(list) == 0x22 ? list : firstItem(list)
}

function nextRole(list: u32, item: u32): u32 {
  return item == list ? 0 : nextAfter(skipValue(item))
}

/** Writes the names of the roles that apply as a list, as conditions read them. */
export function writeRoleList(list: u32, cell: u32, flags: u32, parts: u32, partCount: u32): void {
  let count: u32 = 0
  for (let item = firstRole(list); item != 0; item = nextRole(list, item)) {
    if (applyingRole(item) != 0) count++
  }
  if (fault != BodyFault.None) return
  let to = startList(cell, count, max(partCount, 1), 0)
  if (to == 0) return
  for (let item = firstRole(list); item != 0; item = nextRole(list, item)) {
    const token = applyingRole(item)
    if (token == 0) continue
    if (partCount == 0) writeInside(token, to, flags | PathFlag.Text, 0)
    else writeParts(token, to, flags, parts, partCount, 0)
    to += max(partCount, 1) * Layout.CellSize
  }
}

/** Where the name of a role is, when it applies to the resource; 0 when it does not, or is of another form, a fault. */
function applyingRole(item: u32): u32 {
  const byte = load<u8>(item)
  if (byte == 0x22) return item
  let role: u32 = 0
  let scope: u32 = 0
  if (byte == 0x7b) {
    for (let at = firstMember(item); at != 0; ) {
      const value = readName(at)
      if (isString(pathField(PathTable.RoleKey), name, nameLength)) role = value
      else if (isString(pathField(PathTable.OnKey), name, nameLength)) scope = value
      else return refuse(BodyFault.Roles, item)
      at = nextAfter(skipValue(value))
    }
  }
  if (role == 0 || scope == 0 || load<u8>(role) != 0x22) return refuse(BodyFault.Roles, item)
  if (load<u8>(scope) == 0x22) return isPart(scope, PathNode.ResourceType) ? role : 0
  return covers(scope, item) ? role : 0
}

/** Whether `{ type, id }` or `{ type }` is about the resource. */
function covers(scope: u32, item: u32): bool {
  let type: u32 = 0
  let id: u32 = 0
  if (load<u8>(scope) == 0x7b) {
    for (let at = firstMember(scope); at != 0; ) {
      const value = readName(at)
      if (isString(nodeKey(PathNode.ResourceType), name, nameLength)) type = value
      else if (isString(nodeKey(PathNode.ResourceId), name, nameLength)) id = value
      else return refuse(BodyFault.Roles, item) != 0
      at = nextAfter(skipValue(value))
    }
  }
  if (type == 0 || load<u8>(type) != 0x22 || (id != 0 && load<u8>(id) != 0x22)) return refuse(BodyFault.Roles, item) != 0
  return isPart(type, PathNode.ResourceType) && (id == 0 || isPart(id, PathNode.ResourceId))
}

/** Whether a string is that of a part of the request. */
function isPart(token: u32, node: u32): bool {
  const other = partText(node)
  const length = partLength(node)
  readText(token)
  return textLength == length && sameText(text, other, length)
}
