/** The answer as JSON: what `formatDecision` and JSON.stringify would write, from texts of the image. */
import { Code, Effect } from '../abi/decision'
import { Section } from '../abi/image'
import { ReplyPart } from '../abi/json'
import { reserve, startRoom, top } from './room'
import { stringEnd } from './scan'
import { log, scratch, sectionLength, sectionStart } from '../state'

/** Where the answer begins, and where it has come to. */
export let reply: u32 = 0
let at: u32 = 0

/** Texts of the image: their number, offsets, and where they begin. */
let partCount: u32 = 0
let partOffsets: u32 = 0
let partTexts: u32 = 0

export function prepareReplies(): void {
  const section = sectionStart(Section.Replies)
  partCount = load<u32>(section)
  partOffsets = section + 4
  partTexts = partOffsets + ((partCount + 1) << 2)
}

/** Parts of a rule's text that were found last: see `readRule`. Addresses, and where each ends. */
let idStart: u32 = 0
let idEnd: u32 = 0
let reasonStart: u32 = 0
let reasonEnd: u32 = 0
let obligationsStart: u32 = 0
let obligationsEnd: u32 = 0
let adviceStart: u32 = 0
let adviceEnd: u32 = 0

function put(start: u32, length: u32): void {
  reserve(<u64>(at - top) + length)
  let from = start
  let to = at
  const end = start + length
  if (length > 256) memory.copy(to, from, length)
  // What is written past the end is free, or written next.
  else for (; from < end; from += 16, to += 16) v128.store(to, v128.load(from))
  at += length
}

function putPart(part: u32): void {
  if (part >= partCount) return
  const entry = partOffsets + (part << 2)
  const offset = load<u32>(entry)
  put(partTexts + offset, load<u32>(entry, 4) - offset)
}

function putByte(byte: u32): void {
  reserve(<u64>(at - top) + 1)
  store<u8>(at++, <u8>byte)
}

/** Finds the parts of a rule's text, which has them first and in this order: id, because, obligations, advice. */
function readRule(rule: u32): void {
  const offsets = sectionStart(Section.RuleTextOffsets) + (rule << 2)
  const texts = sectionStart(Section.RuleTexts)
  const start = texts + load<u32>(offsets)
  const end = texts + load<u32>(offsets, 4)
  // Of an image that says something else, the answer says something else; nothing outside the text is in it.
  idStart = min(start + 6, end)
  idEnd = textEnd(idStart, end)
  let next = idEnd
  reasonStart = reasonEnd = obligationsStart = obligationsEnd = adviceStart = adviceEnd = 0
  // ,"because": ,"obligations": ,"advice":
  if (letterAt(next, end) == 0x62) {
    reasonStart = min(next + 11, end)
    next = reasonEnd = textEnd(reasonStart, end)
  }
  if (letterAt(next, end) == 0x6f) {
    obligationsStart = min(next + 15, end)
    next = obligationsEnd = textEnd(obligationsStart, end)
  }
  if (letterAt(next, end) == 0x61) {
    adviceStart = min(next + 10, end)
    adviceEnd = textEnd(adviceStart, end)
  }
}

/** The first letter of the member that follows. */
function letterAt(next: u32, end: u32): u32 {
  return next + 2 < end ? load<u8>(next, 2) : 0
}

/** After a JSON string or list that begins at `start`. */
function textEnd(start: u32, end: u32): u32 {
  let depth: u32 = 0
  for (let one = start; one < end; one++) {
    const byte = <u32>load<u8>(one)
    if (byte == 0x22) {
      one = stringEnd(one + 1)
      if (one == 0) break
    } else if ((byte | 0x20) == 0x7b) depth++
    else if ((byte | 0x20) == 0x7d) depth--
    if (depth == 0) return min(one + 1, end)
  }
  return end
}

// @ts-ignore: decorator
@inline
function ruleAt(index: u32): u32 {
  return load<u32>(log + (index << 2))
}

/** Answers go to where the body was, which is read no more: hosts find them in one place. */
function startReply(): void {
  startRoom(scratch)
  reply = top
  at = top
}

function finish(): u32 {
  return at - reply
}

/** The answer for a denial that no rule made; returns its length. `reason` is a part. */
export function replyDenial(code: u32, reason: u32): u32 {
  startReply()
  putPart(ReplyPart.Denied)
  putPart(ReplyPart.Code)
  putPart(code)
  putPart(ReplyPart.Reason)
  putPart(reason)
  putByte(0x7d)
  putByte(0x7d)
  return finish()
}

/** The answer for what `match` returns when it is final. */
export function replyFinal(result: u32): u32 {
  const code = (result >> 2) & 7
  const part = ReplyPart.Codes + code * 2
  if (code != Code.SeparationOfDuty) return replyDenial(part, part + 1)
  return replyDenial(part, ReplyPart.Separations + ((result & 0x7fffffff) >> 8))
}

/** The answer for what `decide` returns. */
export function replyDecision(result: u32): u32 {
  const count = result >> 8
  const effect = result & 3
  if (count == 0) return replyFinal(result)
  startReply()
  if (effect == Effect.Allow) {
    if (!hasDuties(count)) putPart(ReplyPart.Allowed)
    else {
      putPart(ReplyPart.AllowedWith)
      putDuties(count, false)
      putByte(0x7d)
      putByte(0x7d)
    }
    return finish()
  }
  putPart(ReplyPart.Denied)
  if (effect == Effect.Review) putPart(ReplyPart.Review)
  putPart(ReplyPart.Code)
  putPart(ReplyPart.Codes + ((result >> 2) & 7) * 2)
  putPart(ReplyPart.Reason)
  putReason(result, count)
  putPart(ReplyPart.Rules)
  for (let i: u32 = 0; i < count; i++) {
    if (i != 0) putByte(0x2c)
    if (i != 0 || count != 1) readRule(ruleAt(i) & 0x7fffffff)
    put(idStart, idEnd - idStart)
  }
  putByte(0x5d)
  putDuties(count, true)
  putByte(0x7d)
  putByte(0x7d)
  return finish()
}

/** The first `because`; else what the code says, or which rules it was. */
function putReason(result: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    readRule(ruleAt(i) & 0x7fffffff)
    if (reasonStart != 0) return put(reasonStart, reasonEnd - reasonStart)
  }
  const code = (result >> 2) & 7
  if (code != Code.Matched) return putPart(ReplyPart.Codes + code * 2 + 1)
  putPart((result & 3) == Effect.Review ? ReplyPart.ReviewBy : ReplyPart.DenyBy)
  for (let i: u32 = 0; i < count; i++) {
    if (i != 0) putByte(0x2c)
    if (i != 0) putByte(0x20)
    readRule(ruleAt(i) & 0x7fffffff)
    // The id in quotes that are escaped: it stands inside a string.
    putByte(0x5c)
    put(idStart, idEnd - idStart - 1)
    putByte(0x5c)
    putByte(0x22)
  }
  putByte(0x22)
}

function hasDuties(count: u32): bool {
  for (let i: u32 = 0; i < count; i++) {
    readRule(ruleAt(i) & 0x7fffffff)
    if (obligationsStart != 0 || adviceStart != 0) return true
  }
  return false
}

/** Obligations and advice of the rules that could be evaluated. */
function putDuties(count: u32, comma: bool): void {
  const hasObligations = putLists(count, ReplyPart.Obligations, comma)
  putLists(count, ReplyPart.Advice, comma || hasObligations)
}

function putLists(count: u32, part: u32, comma: bool): bool {
  let any = false
  for (let i: u32 = 0; i < count; i++) {
    const rule = ruleAt(i)
    if (rule & 0x80000000) continue
    readRule(rule)
    const start = part == ReplyPart.Advice ? adviceStart : obligationsStart
    const end = part == ReplyPart.Advice ? adviceEnd : obligationsEnd
    // Without its brackets.
    if (start == 0 || end - start <= 2) continue
    if (any) putByte(0x2c)
    else {
      if (comma) putByte(0x2c)
      putPart(part)
      putByte(0x5b)
      any = true
    }
    put(start + 1, end - start - 2)
  }
  if (any) putByte(0x5d)
  return any
}
