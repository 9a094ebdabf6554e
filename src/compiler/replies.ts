/**
 * What the core puts answers together from: the texts of the AuthZEN response around ids and reasons of rules. They are
 * those that `formatDecision` and JSON.stringify would write.
 */
import { ReplyPart } from '../../assembly/abi/json.ts'
import type { PolicyModel } from '../policy/model.ts'
import { type ReasonCode, reasonCodes, reasonTexts, separationReason } from '../text/reasons.ts'

const parts: Readonly<Record<number, string>> = {
  [ReplyPart.Allowed]: '{"decision":true}',
  [ReplyPart.AllowedWith]: '{"decision":true,"context":{',
  [ReplyPart.Denied]: '{"decision":false,"context":{',
  [ReplyPart.Review]: '"status":"review",',
  [ReplyPart.Code]: '"code":',
  [ReplyPart.Reason]: ',"reason":',
  [ReplyPart.Rules]: ',"rules":[',
  [ReplyPart.Obligations]: '"obligations":',
  [ReplyPart.Advice]: '"advice":',
  [ReplyPart.DenyBy]: '"deny by ',
  [ReplyPart.ReviewBy]: '"review by ',
}

/** The section: number of texts, their offsets (one more), the texts. */
export function encodeReplies(model: PolicyModel): Uint8Array {
  const texts: string[] = []
  for (const [part, text] of Object.entries(parts)) texts[Number(part)] = text
  const pair = (at: number, code: ReasonCode) => {
    texts[at] = JSON.stringify(code)
    texts[at + 1] = JSON.stringify(reasonTexts[code])
  }
  for (const [number, code] of Object.entries(reasonCodes)) pair(ReplyPart.Codes + Number(number) * 2, code)
  pair(ReplyPart.UnknownTenant, 'unknown_tenant')
  for (const { kind, atMost, roles } of model.separations) {
    texts.push(JSON.stringify(separationReason(kind, atMost, roles)))
  }
  return encodeTexts(texts)
}

function encodeTexts(texts: readonly string[]): Uint8Array {
  const encoder = new TextEncoder()
  const encoded = texts.map((text) => encoder.encode(text))
  const head = new Uint32Array(texts.length + 2)
  head[0] = texts.length
  encoded.forEach((bytes, i) => {
    head[i + 2] = (head[i + 1] ?? 0) + bytes.length
  })
  const section = new Uint8Array(head.byteLength + (head.at(-1) ?? 0))
  section.set(new Uint8Array(head.buffer))
  encoded.forEach((bytes, i) => {
    section.set(bytes, head.byteLength + (head[i + 1] ?? 0))
  })
  return section
}
