/** A decision over a request as JSON bytes: body in, answer out. docs/abi.md tells how a host uses it. */
import { Code, Effect, Result } from '../abi/decision'
import { Info, Layout } from '../abi/memory'
import { decide, match } from '../decision'
import { BodyFault, BodyLimit, PathNode, PathTable, ReplyPart } from '../abi/json'
import { permitChain, readChain } from './chain'
import { faultPart, hasParts, prepareParts } from './form'
import { writeKeys, writeNeeds } from './frame'
import { find, forgetLocated } from './located'
import { preparePowers } from './number'
import { parseBody, parseRoom } from './parse'
import { partLength, partText } from './parts'
import { isString, preparePaths } from './paths'
import { prepareReplies, reply, replyDecision, replyDenial, replyFinal } from './reply'
import { reserve, startRoom } from './room'
import { fault, faultAt } from './scan'
import { pathField } from './state'
import { forgetOwn, prepareStrings } from './strings'
import { overLimit, startValues } from './value'
import { neededSlots } from '../match'
import { scratch } from '../state'

/** Whether the tables of the image are filled: the first body does that. */
let prepared: bool = false

export function forgetPrepared(): void {
  prepared = false
  forgetLocated()
}

function prepare(): void {
  prepareStrings()
  preparePaths()
  preparePowers()
  prepareParts()
  prepareReplies()
  prepared = true
}

/** Memory behind a body, for what ends past it and for names while it is parsed. */
const PADDING: u32 = 64

/** Makes room for a body of `length` bytes; returns where the host puts it, or 0 when it is too long. */
export function bodyRoom(length: u32): u32 {
  if (length > <u32>BodyLimit.Bytes) return 0
  startRoom(scratch)
  reserve(<u64>length + PADDING + parseRoom(length))
  return scratch
}

/**
 * Decides the request in the body of `length` bytes that the host has put where `bodyRoom` said, at the time `now` in
 * milliseconds since 1970, NaN for none. Returns the length of the answer at Info.Reply, or a BodyFault as a negative number,
 * with the place at Info.BodyFaultAt.
 */
export function evaluateJson(length: u32, now: f64): i32 {
  if (length > <u32>BodyLimit.Bytes) return -<i32>BodyFault.TooLong
  if (!prepared) prepare()
  const body = scratch
  const room = (body + length + PADDING + 15) & ~15
  startRoom(room)
  reserve(parseRoom(length))
  if (!parseBody(body, body + length, room)) return failed(body)
  forgetOwn()
  startValues()
  if (!hasParts() || !readChain()) return failed(body)
  if (isForeign()) return answered(replyDenial(ReplyPart.UnknownTenant, ReplyPart.UnknownTenant + 1))
  if (!permitChain() || !writeKeys()) return failed(body)
  if (fault != BodyFault.None) return failed(body)
  const asked = match()
  if (!overLimit && (asked & Result.Final) != 0) return answered(replyFinal(asked))
  if (!overLimit) writeNeeds(neededSlots, asked, now)
  if (fault != BodyFault.None) return failed(body)
  if (overLimit) return answered(replyFinal(Effect.Deny | (Code.Limit << 2)))
  return answered(replyDecision(decide()))
}

/** Whether the request is of another tenant than the image. */
function isForeign(): bool {
  if (find(PathNode.Tenant) == 0) return false
  const text = partText(PathNode.Tenant)
  return !isString(pathField(PathTable.Tenant), text, partLength(PathNode.Tenant))
}

function answered(length: u32): i32 {
  store<u32>(Layout.InfoBase + (Info.Reply << 2), reply)
  return <i32>length
}

function failed(body: u32): i32 {
  store<u32>(Layout.InfoBase + (Info.BodyFaultAt << 2), faultAt < body ? 0 : faultAt - body)
  store<u32>(Layout.InfoBase + (Info.BodyFaultPart << 2), faultPart)
  return -<i32>fault
}
