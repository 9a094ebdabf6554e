/** Whether a block lies inside the one before it: the same proofs by which the guard checks delegations. */
import { excessOf } from '../delegation/containment.ts'
import { readScopes } from '../delegation/scope.ts'
import { SallyportError } from '../errors.ts'
import { sameSubject } from '../guard/subject-key.ts'
import type { Block } from './block.ts'

/** @throws SallyportError `E_PROOF_EXCEEDS` naming what does not. */
export function checkNarrowing(inner: Block, outer: Block): void {
  if (!sameSubject(inner.grantor, outer.grantee)) throw exceeds('it is passed on by somebody whom it was not lent to')
  if (outer.redelegate < 1) throw exceeds('it may not be passed on')
  if (inner.redelegate > outer.redelegate - 1) throw exceeds(`redelegate is more than ${outer.redelegate - 1}`)
  if (inner.expires > outer.expires) throw exceeds('it ends later than what it is a part of')
  const wider = outer.audience.length > 0 && !isPart(inner.audience, outer.audience)
  if (wider) throw exceeds(`it is for others than ${outer.audience.join(', ')}`)
  // What the block itself lends is its last list; those before it, if any, only narrow it.
  const found = excessOf(
    readScopes(inner.scopes[inner.scopes.length - 1]),
    readScopes(outer.scopes[outer.scopes.length - 1]),
  )
  if (found === undefined) return
  const { action, type, id } = found.example ?? {}
  const example =
    found.example === undefined
      ? 'is too intricate to be compared'
      : `covers ${[action, type, id].map((text) => JSON.stringify(text)).join(' ')}`
  throw exceeds(`scopes[${found.scope}] ${example}`)
}

function isPart(inner: readonly string[], outer: readonly string[]): boolean {
  return inner.length > 0 && inner.every((one) => outer.includes(one))
}

function exceeds(what: string): SallyportError {
  return new SallyportError('E_PROOF_EXCEEDS', `a block does not lie inside the one before it: ${what}`)
}
