/**
 * Relations whose tuples lie elsewhere. The host says what it has found out of them, in records, and finds the questions that were
 * met besides behind these. What it has not said is not evaluable.
 */
import { Truth } from '../abi/decision'
import { Limit } from '../abi/memory'
import { RelationRecord } from '../abi/relations'
import { cutShort } from './check'
import { spend } from '../steps'
import { sameBytes } from '../text'

/** Whether tuples lie elsewhere: those in the core's memory are then of no account. */
export let elsewhere: bool = false
/** The records, what is behind the last one, and where the room for them ends. */
let first: u32 = 0
let end: u32 = 0
let limit: u32 = 0
let tooMany: bool = false

/** Takes `known` records at `records`, behind which there is room up to Limit.RelationRecords; 0 and 0 for no room at all. */
export function placeRelations(records: u32, known: u32): void {
  elsewhere = true
  first = records
  end = records + ((known * RelationRecord.Words) << 2)
  limit = records == 0 ? 0 : records + ((Limit.RelationRecords * RelationRecord.Words) << 2)
  tooMany = false
}

/** How many records there are by now; more than Limit.RelationRecords when there was not room for all. */
export function countRelations(): u32 {
  return tooMany ? Limit.RelationRecords + 1 : (end - first) / (RelationRecord.Words << 2)
}

/** What is known of a relation. What is not is asked for, once. */
export function known(types: u32, relations: u32, object: u32, objectLength: u32, subject: u32, subjectLength: u32): Truth {
  if (!spend(1 + ((end - first) >>> 6))) return Truth.NotEvaluable
  for (let at = first; at < end; at += RelationRecord.Words << 2) {
    if (load<u32>(at, RelationRecord.Types << 2) != types || load<u32>(at, RelationRecord.Relations << 2) != relations) continue
    if (load<u32>(at, RelationRecord.ObjectLength << 2) != objectLength) continue
    if (load<u32>(at, RelationRecord.SubjectLength << 2) != subjectLength) continue
    if (!sameBytes(load<u32>(at, RelationRecord.Object << 2), object, objectLength)) continue
    if (!sameBytes(load<u32>(at, RelationRecord.Subject << 2), subject, subjectLength)) continue
    return said(<Truth>load<u32>(at, RelationRecord.Truth << 2))
  }
  if (end < limit) {
    store<u32>(end, types, RelationRecord.Types << 2)
    store<u32>(end, relations, RelationRecord.Relations << 2)
    store<u32>(end, object, RelationRecord.Object << 2)
    store<u32>(end, objectLength, RelationRecord.ObjectLength << 2)
    store<u32>(end, subject, RelationRecord.Subject << 2)
    store<u32>(end, subjectLength, RelationRecord.SubjectLength << 2)
    store<u32>(end, Truth.NotEvaluable, RelationRecord.Truth << 2)
    end += RelationRecord.Words << 2
  } else if (limit != 0) tooMany = true
  return said(Truth.NotEvaluable)
}

function said(truth: Truth): Truth {
  if (truth == Truth.NotEvaluable) cutShort()
  return truth
}
