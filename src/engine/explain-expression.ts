/** What an expression reads, and why it came to what it came to: the part that failed, and the reason. */

import { CelOp, CelTag } from '../../assembly/abi/cel.ts'
import { Tag } from '../../assembly/abi/frame.ts'
import { Layout } from '../../assembly/abi/memory.ts'
import { faultTexts, readCelValue } from './cel-value.ts'
import type { Core } from './core.ts'
import type { ImageReader } from './image-reader.ts'
import { expressionNodes, expressionPart } from './image-sources.ts'

/**
 * Evaluates the expression at an address once more, over the request that is in the frame. Undefined when it is a bool.
 *
 * @example whyNot(core, image, program) // 'context.amount: not there'
 */
export function whyNot(core: Core, image: ImageReader, program: number): string | undefined {
  const cell = core.calls.explainExpression(program)
  const tag = core.i32[cell >>> 2]
  if (tag === Tag.Boolean) return undefined
  if (tag !== CelTag.Error) return `it is no bool, but of type ${readCelValue(core, image, cell).type}`
  const value = readCelValue(core, image, cell)
  if (value.type !== 'error') return undefined
  const part = expressionPart(image, program, value.node - program)
  return `${part === '' ? '' : `${part}: `}${faultTexts[value.fault]}`
}

/**
 * The slots whose values the expression of a rule at an address reads. Whether an attribute is there says nothing of its value,
 * and items are read through the node of their list.
 */
export function slotsRead(core: Core, image: ImageReader, program: number): readonly number[] {
  const word = (address: number): number => core.i32[address >>> 2] ?? 0
  return expressionNodes(image, program)
    .map((offset) => program + offset)
    .filter((node) => [CelOp.Slot, CelOp.OptionalSlot].includes(word(node) & 0xff))
    .map((node) => word(node + 4) / Layout.CellSize)
}
