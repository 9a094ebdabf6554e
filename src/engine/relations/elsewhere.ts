/** Relations whose tuples lie elsewhere, as the core reads and writes them: see assembly/relation/answers.ts. */
import { Truth } from '../../../assembly/abi/decision.ts'
import { Limit } from '../../../assembly/abi/memory.ts'
import { RelationRecord } from '../../../assembly/abi/relations.ts'
import { ENCODER } from '../../text/utf8.ts'
import type { RelationNames } from '../../tuple/relation-model.ts'
import type { Core } from '../core.ts'
import type { AskedRelation, KnownRelation } from './types.ts'

/** What the records and the ids in them take at most, so that there is room before they are written. */
export function roomFor(known: readonly KnownRelation[]): number {
  // Three bytes hold any UTF-16 code unit (RFC 3629).
  const ids = known.reduce((sum, { subject, object }) => sum + (subject.id.length + object.id.length) * 3, 0)
  return ALIGNMENT + Limit.RelationRecords * RECORD + ids
}

/**
 * Writes what is known into memory that is free from `top` on. What the image has no name for is left out.
 *
 * @returns where the records are, and how many
 */
export function writeKnown(
  core: Core,
  names: RelationNames,
  top: number,
  known: readonly KnownRelation[],
): { readonly records: number; readonly count: number } {
  const records = (top + ALIGNMENT - 1) & -ALIGNMENT
  let text = records + Limit.RelationRecords * RECORD
  const writeText = (id: string): number => {
    const { written } = ENCODER.encodeInto(id, core.u8.subarray(text))
    text += written
    return written
  }
  let count = 0
  for (const { subject, relation, object, holds } of known) {
    const objectType = names.typeNumber(object.type)
    const subjectType = names.typeNumber(subject.type)
    const number = names.relationNumber(relation)
    const asSubject = subject.relation === undefined ? 0 : names.relationNumber(subject.relation)
    if (objectType === undefined || subjectType === undefined || number === undefined || asSubject === undefined)
      continue
    const at = (records + count * RECORD) >>> 2
    core.i32[at + RelationRecord.Types] = (objectType << 16) | subjectType
    core.i32[at + RelationRecord.Relations] = (number << 16) | asSubject
    core.i32[at + RelationRecord.Object] = text
    core.i32[at + RelationRecord.ObjectLength] = writeText(object.id)
    core.i32[at + RelationRecord.Subject] = text
    core.i32[at + RelationRecord.SubjectLength] = writeText(subject.id)
    core.i32[at + RelationRecord.Truth] = holds === 'unknown' ? Truth.NotEvaluable : holds ? Truth.True : Truth.False
    count++
  }
  return { records, count }
}

/** The records from `first` up to `end`, which the core has added. */
export function readAsked(
  core: Core,
  names: RelationNames,
  records: number,
  first: number,
  end: number,
): readonly AskedRelation[] {
  const asked: AskedRelation[] = []
  for (let index = first; index < end; index++) {
    const word = (field: RelationRecord): number => (core.i32[((records + index * RECORD) >>> 2) + field] ?? 0) >>> 0
    const text = (at: number, length: number): string => DECODER.decode(core.u8.subarray(at, at + length))
    const types = word(RelationRecord.Types)
    const relations = word(RelationRecord.Relations)
    const asSubject = relations & 0xffff
    const subject = {
      type: names.types[types & 0xffff] ?? '',
      id: text(word(RelationRecord.Subject), word(RelationRecord.SubjectLength)),
    }
    asked.push({
      subject: asSubject === 0 ? subject : { ...subject, relation: names.relations[asSubject] ?? '' },
      relation: names.relations[relations >>> 16] ?? '',
      object: {
        type: names.types[types >>> 16] ?? '',
        id: text(word(RelationRecord.Object), word(RelationRecord.ObjectLength)),
      },
    })
  }
  return asked
}

const RECORD = RelationRecord.Words * 4
const ALIGNMENT = 16
const DECODER = new TextDecoder()
