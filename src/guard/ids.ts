/** Ids that nobody can guess. */
import { bytesToHex } from '@noble/hashes/utils.js'
import { SallyportError } from '../errors.ts'

const ID_BYTES = 16
/** Random bytes are asked for so many at a time: a platform takes about as long for a thousand of them as for sixteen. */
const BLOCK = 64 * ID_BYTES

/**
 * Makes ids of 16 random bytes each: `dlg_9f86d081884c7d659a2feaa0c55ad015`.
 *
 * @throws SallyportError `E_USAGE`, by the function, when `random` gives fewer bytes than it is asked for
 */
export function makeIds(random: (length: number) => Uint8Array): (prefix: string) => string {
  let block = new Uint8Array(0)
  let used = 0
  return (prefix) => {
    if (used + ID_BYTES > block.length) {
      const given = random(BLOCK)
      if (given.length < BLOCK) throw new SallyportError('E_USAGE', `random gave ${given.length} bytes of ${BLOCK}`)
      // A copy, as who gave it may fill it again; `slice` of Node's Buffer makes none.
      block = new Uint8Array(given)
      used = 0
    }
    used += ID_BYTES
    return `${prefix}_${bytesToHex(block.subarray(used - ID_BYTES, used))}`
  }
}
