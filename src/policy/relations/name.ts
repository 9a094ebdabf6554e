import { isName } from '../../tuple/tuple.ts'
import type { Position } from '../node.ts'
import { quote } from '../read.ts'
import type { Report } from '../report.ts'

/** Reports a name that no type, relation or condition can have: tuples could not be written with it. */
export function checkName(name: string, what: string, at: Position, report: Report): void {
  if (!isName(name))
    report.error('E_RELATION', at, `${quote(name)} cannot be a ${what}`, 'use letters, digits, _ and -')
}
