/** Why an expression came to what it came to: the part that failed, and the reason. */

import { CelTag } from '../../assembly/abi/cel.ts'
import { Tag } from '../../assembly/abi/frame.ts'
import { faultTexts, readCelValue } from './cel-value.ts'
import type { Core } from './core.ts'
import type { ImageReader } from './image-reader.ts'
import { expressionPart } from './image-sources.ts'

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
