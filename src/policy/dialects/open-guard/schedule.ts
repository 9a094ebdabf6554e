/** Recurring schedules of tbac policies. */
import type { MapNode } from '../../node.ts'
import type { Report } from '../../report.ts'
import type { Logic } from './logic.ts'

export function scheduleConditions(map: MapNode, report: Report): Logic {
  report.error('E_IMPORT', map.at, 'schedules cannot be imported yet')
  return false
}
