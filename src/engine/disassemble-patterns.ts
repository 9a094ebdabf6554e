/** Programs of the image, as the patterns and address ranges that a policy would write. */
import { Cidr, GlobOp } from '../../assembly/abi/condition.ts'
import type { AttributeValue } from '../policy/document.ts'
import type { Core } from './core.ts'

/** The pattern of the program at an address. */
export function globText(core: Core, address: number): string {
  let text = ''
  let at = address
  while (true) {
    const word = wordAt(core, at)
    const op = word & 0xff
    at += 4
    if (op === GlobOp.End) return text
    if (op === GlobOp.Star) text += '*'
    else if (op === GlobOp.One) text += '?'
    else if (op === GlobOp.Literal) {
      text += escapeGlob(new TextDecoder().decode(core.u8.slice(at, at + (word >>> 8))))
      at += ((word >>> 8) + 3) & ~3
    } else {
      const ranges = Array.from({ length: word >>> 9 }, (_, i) => rangeText(core, at + i * 8))
      text += `[${(word >>> 8) & 1 ? '!' : ''}${ranges.join('')}]`
      at += (word >>> 9) * 8
    }
  }
}

function rangeText(core: Core, at: number): string {
  const low = memberText(wordAt(core, at))
  const high = memberText(wordAt(core, at + 4))
  return low === high ? low : `${low}-${high}`
}

/** A character of a class: what means something there, wherever it stands, is escaped. */
function memberText(codePoint: number): string {
  return String.fromCodePoint(codePoint).replace(/[!^[\]\\-]/, '\\$&')
}

/** So many address ranges from an address on; one of them by itself. */
export function cidrTexts(core: Core, address: number, count: number): AttributeValue {
  const ranges = Array.from({ length: count }, (_, i) => cidrText(core, address + i * Cidr.Size))
  return ranges.length === 1 ? (ranges[0] ?? '') : ranges
}

function cidrText(core: Core, record: number): string {
  const { u8 } = core
  const bits = u8[record + 1] ?? 0
  const bytes = Array.from(u8.subarray(record + 4, record + 20))
  if (u8[record] === 4) return `${bytes.slice(0, 4).join('.')}/${bits}`
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[i * 2] ?? 0) << 8) | (bytes[i * 2 + 1] ?? 0)).toString(16),
  )
  return `${groups.join(':')}/${bits}`
}

function escapeGlob(text: string): string {
  return text.replace(/[*?[\]{}\\]/g, '\\$&')
}

function wordAt(core: Core, address: number): number {
  return core.i32[address >>> 2] ?? 0
}
