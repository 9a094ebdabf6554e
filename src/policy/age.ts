/** The operators on attributes that hold a time: `before`, `after`, `within`, `older_than`. */
import { readDuration, readTime, readZone } from './during.ts'
import { ageKeys } from './keys.ts'
import { meantPath } from './meant-reference.ts'
import type { Condition } from './model.ts'
import { readReference } from './operand.ts'
import type { Use } from './operator.ts'
import { describe, readRecord } from './read.ts'

/** `before` and `after`: the operand is a time or a reference to one. */
export const compareTimes =
  (op: 'before' | 'after') =>
  (use: Use): Condition | undefined => {
    const { operator, path, operand, scope } = use
    const { report, inItems, source } = scope
    if (operand.kind === 'map') {
      const other = readReference(operand, { operator, path, scope: { report, inItems, source } })
      return other && { kind: 'time', path, op, operand: other }
    }

    const meant = operand.kind === 'scalar' ? meantPath(operand.scalar, use) : undefined
    if (meant !== undefined) {
      const found = `the operand of "${operator}" is not a time: ${describe(operand)}`
      report.error('E_TIME', operand.at, found, `write { ref: ${meant} }`)
      return undefined
    }
    const value = readTime(operand, `the operand of "${operator}"`, report)
    return value === undefined ? undefined : { kind: 'time', path, op, operand: { kind: 'value', value } }
  }

/** `within` and `older_than`: the operand is a duration, or { duration, zone }. */
export const compareAge =
  (op: 'within' | 'older_than') =>
  ({ operator, path, operand, scope: { report } }: Use): Condition | undefined => {
    if (operand.kind !== 'map') {
      const duration = readDuration(operand, report)
      return duration && { kind: 'age', path, op, duration, zone: 'UTC' }
    }
    const map = readRecord(operand, report, `the operand of "${operator}"`, ageKeys)
    const node = map?.entries.get('duration')?.value
    if (map !== undefined && node === undefined && map.problems.length === 0) {
      report.error(
        'E_MISSING',
        map.at,
        `"${operator}" has no duration`,
        `write ${operator}: { duration: P1M, zone: … }`,
      )
    }
    const zone = readZone(map?.entries.get('zone')?.value, report)
    const duration = readDuration(node, report)
    return duration && { kind: 'age', path, op, duration, zone }
  }
