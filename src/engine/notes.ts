/** Why a test could not be evaluated, where its value does not say so itself: read from what is in the frame. */
import { Tag } from '../../assembly/abi/frame.ts'
import { Layout } from '../../assembly/abi/memory.ts'
import { Clock } from '../../assembly/abi/time.ts'
import type { AttributeValue } from '../policy/document.ts'
import type { Disassembler, ReadTest } from './disassemble.ts'
import type { Scene } from './explain.ts'
import type { TrustCells } from './trust-text.ts'

/** One line, or undefined when there is nothing to add. */
export function noteOn(test: ReadTest, { core, image, disassembler }: Scene): string | undefined {
  if (test.trust !== undefined) return trustNote(test.trust, disassembler)
  const frame = core.frame * 4
  for (const slot of [test.slot, test.otherSlot]) {
    if (slot === undefined) continue
    const cell = frame + slot * Layout.CellSize
    const what = slot === test.slot ? test.path : 'what it is compared with'
    if (disassembler.word(cell) === Tag.Untrusted) return `${what} is marked as untrusted`
    const item = untrustedItem(cell, image.metadata.slots[slot]?.items?.length ?? 1, disassembler)
    if (item !== undefined) return `item ${item} of ${what} has something marked as untrusted`
  }
  return undefined
}

/** The number of the first item with a part that may not be read. */
function untrustedItem(list: number, parts: number, disassembler: Disassembler): number | undefined {
  if (parts < 2 || disassembler.word(list) !== Tag.List) return undefined
  const count = disassembler.word(list + 4)
  const first = disassembler.word(list + 8)
  const stride = disassembler.word(list + 12)
  for (let i = 0; i < count; i++) {
    for (let part = 1; part < parts; part++) {
      if (disassembler.word(first + i * stride + part * Layout.CellSize) === Tag.Untrusted) return i
    }
  }
  return undefined
}

/** The scores that a condition on trust looked at: the subject's or the root's, then those of the delegators. */
export function scoresOf(trust: TrustCells, disassembler: Disassembler): AttributeValue | undefined {
  const cells = actorsOf(trust, disassembler).map(({ score }) => score)
  const shown = (cell: number): AttributeValue => {
    const tag = disassembler.word(cell)
    return tag > Tag.Missing && tag < Tag.Invalid && isShown(cell, disassembler) ? disassembler.cell(cell) : null
  }
  if (trust.delegators !== undefined) return cells.map(shown)
  return disassembler.word(trust.score) <= Tag.Missing ? undefined : shown(trust.score)
}

/** Strings of the request are not of the image, and no scores anyway. */
function isShown(cell: number, disassembler: Disassembler): boolean {
  return ![Tag.String, Tag.List].includes(disassembler.word(cell))
}

interface ActorCells {
  readonly name: string
  readonly score: number
  readonly updated: number | undefined
}

function actorsOf(trust: TrustCells, disassembler: Disassembler): ActorCells[] {
  const { score, updated, delegators, itemScore, itemUpdated } = trust
  const actors: ActorCells[] = [{ name: delegators === undefined ? 'the actor' : 'the subject', score, updated }]
  if (delegators === undefined || disassembler.word(delegators) !== Tag.List) return actors
  const count = disassembler.word(delegators + 4)
  const first = disassembler.word(delegators + 8)
  const stride = disassembler.word(delegators + 12)
  for (let i = 0; i < count; i++) {
    const item = first + i * stride
    const dated = updated === undefined ? undefined : item + itemUpdated
    actors.push({ name: `chain.ancestors[${i}]`, score: item + itemScore, updated: dated })
  }
  return actors
}

/** The first actor whose score cannot be read, and why. */
function trustNote(trust: TrustCells, disassembler: Disassembler): string | undefined {
  const notes = actorsOf(trust, disassembler).map((actor) => actorNote(actor, trust, disassembler))
  return notes.find((note) => note !== undefined)
}

function actorNote({ name, score, updated }: ActorCells, trust: TrustCells, disassembler: Disassembler) {
  const tag = disassembler.word(score)
  if (tag <= Tag.Missing) return `${name} has no trust score`
  if (tag === Tag.Untrusted) return `the trust score of ${name} is marked as untrusted`
  if (tag !== Tag.Number) return `the trust score of ${name} is no number`
  const value = Number(disassembler.cell(score))
  if (!(value >= 0 && value <= trust.scale)) return `the trust score of ${name} is not from 0 to ${trust.scale}`
  if (updated === undefined || trust.now === undefined) return undefined
  if (disassembler.word(trust.now) !== Tag.Number) return 'the time of the decision is not given'
  if (disassembler.word(updated) <= Tag.Missing) return `it is not said when the trust score of ${name} was given`
  if (disassembler.word(updated) === Tag.Untrusted)
    return `the time of the trust score of ${name} is marked as untrusted`
  if (disassembler.word(updated) !== Tag.Number) return `the time of the trust score of ${name} is no time`
  const age = Number(disassembler.cell(trust.now)) - Number(disassembler.cell(updated))
  return age < -Clock.Skew ? `the trust score of ${name} is of a later time than the decision` : undefined
}
