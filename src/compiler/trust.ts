/** Conditions on trust as nodes: which slots hold the scores, and the numbers beside them. */
import { Op } from '../../assembly/abi/condition.ts'
import { Decay, TrustBounds, TrustNode, TrustOver } from '../../assembly/abi/trust.ts'
import type { AttributePath, TrustModel, TrustTest } from '../policy/model.ts'
import type { Modifiers, SlotTable } from './slots.ts'
import { Words } from './words.ts'

const LOOKS_AT_NUMBER = { text: false, identity: false }
const NOW: AttributePath = { root: 'now', keys: [], fixed: false, text: 'now' }
const DELEGATORS: AttributePath = { root: 'chain', keys: ['ancestors'], fixed: false, text: 'chain.ancestors' }

/** The node's operation, its words after the first, and the slots that it reads. */
export function trustNode(
  { over, min, max, trusted }: TrustTest,
  trust: TrustModel | undefined,
  slots: SlotTable,
): { readonly op: Op; readonly words: readonly number[]; readonly slots: readonly number[] } {
  if (trust === undefined) throw new RangeError('a condition on trust in a model without trust')
  const { attribute, updated, decay } = trust
  const read: number[] = []
  const modifiers = trusted ? ({ trusted } as const) : {}
  const operand = (path: AttributePath & Modifiers): number => {
    read.push(slots.slotOf(path))
    return slots.operand(path, LOOKS_AT_NUMBER)
  }
  const ofActor = (keys: TrustModel['attribute'], more: Modifiers): number =>
    operand({ ...pathOf(over, keys), ...more })
  const words = new Words()
  for (let i = 1; i < TrustNode.Words; i++) words.push(0)
  const set = (field: TrustNode, word: number) => words.set(field - 1, word)
  const setNumber = (field: TrustNode, value: number) => words.setNumber(field - 1, value)

  set(TrustNode.Score, ofActor(attribute, modifiers))
  if (decay !== undefined) {
    set(TrustNode.Updated, ofActor(updated, { ...modifiers, time: true }))
    set(TrustNode.Now, operand(NOW))
  }
  if (over !== 'immediate' && over !== 'root') {
    set(TrustNode.Delegators, operand(DELEGATORS))
    const list = slots.slotOf(DELEGATORS)
    const ofItem = (keys: TrustModel['attribute'], more: Modifiers) =>
      slots.itemOperand(list, { keys: ['properties', ...keys], ...more }, LOOKS_AT_NUMBER)
    set(TrustNode.ItemScore, ofItem(attribute, modifiers))
    if (decay !== undefined) set(TrustNode.ItemUpdated, ofItem(updated, { ...modifiers, time: true }))
  }
  const scope = over === 'product' ? TrustOver.Product : over === 'minimum' ? TrustOver.Least : TrustOver.Each
  const bounds = (min === undefined ? 0 : TrustBounds.Min) | (max === undefined ? 0 : TrustBounds.Max)
  set(TrustNode.Flags, scope | (decayOf(trust) << 8) | (bounds << 16))
  setNumber(TrustNode.Min, min ?? 0)
  setNumber(TrustNode.Max, max ?? 0)
  setNumber(TrustNode.Scale, trust.scale)
  setNumber(TrustNode.Period, decay?.period ?? 0)
  setNumber(TrustNode.Lose, decay?.kind === 'linear' ? decay.lose : 0)
  setNumber(TrustNode.Floor, trust.floor)
  return { op: Op.Trust, words: Array.from({ length: TrustNode.Words - 1 }, (_, i) => words.get(i)), slots: read }
}

/** The property of the root, or else of the subject, from which every chain starts. */
function pathOf(over: TrustTest['over'], keys: TrustModel['attribute']): AttributePath {
  const text = 'trust'
  if (over !== 'root') return { root: 'subject', keys, fixed: false, text }
  return { root: 'chain', keys: ['root', 'properties', ...keys], fixed: false, text }
}

function decayOf({ decay }: TrustModel): Decay {
  if (decay === undefined) return Decay.None
  return decay.kind === 'linear' ? Decay.Linear : Decay.HalfLife
}
