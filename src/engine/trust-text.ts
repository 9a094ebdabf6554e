/** Conditions on trust, read back from their nodes in the words of a document. */
import { TrustBounds, TrustOver } from '../../assembly/abi/trust.ts'
import type { AttributeValue } from '../policy/document.ts'

/** Where a condition on trust finds what it reads: addresses of cells in the frame. */
export interface TrustCells {
  readonly score: number
  readonly updated: number | undefined
  readonly now: number | undefined
  readonly delegators: number | undefined
  /** Bytes from the start of an item. */
  readonly itemScore: number
  readonly itemUpdated: number
  readonly scale: number
}

/** What the node's flags and bounds say. */
export function trustText(
  flags: number,
  given: { readonly isRoot: boolean; readonly isAlone: boolean; readonly min: number; readonly max: number },
): { readonly path: string; readonly expected: AttributeValue } {
  const bounds = flags >>> 16
  return {
    path: `trust over ${scopeOf(flags & 0xff, given)}`,
    expected: {
      ...((bounds & TrustBounds.Min) !== 0 && { min: given.min }),
      ...((bounds & TrustBounds.Max) !== 0 && { max: given.max }),
    },
  }
}

function scopeOf(over: number, { isRoot, isAlone }: { readonly isRoot: boolean; readonly isAlone: boolean }): string {
  if (isAlone) return isRoot ? 'root' : 'immediate'
  if (over === TrustOver.Each) return 'all'
  return over === TrustOver.Least ? 'minimum' : 'product'
}
