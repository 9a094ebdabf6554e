/** Tests about time: windows and schedules of `now`, and attributes that hold a time. */
import { Op } from '../abi/condition'
import { Truth } from '../abi/decision'
import { Slot, Tag } from '../abi/frame'
import { Layout } from '../abi/memory'
import { TimeLimit } from '../abi/time'
import { frame } from '../state'
import { timeOf } from './read'
import { MS_PER_DAY, subtractDate } from './calendar'
import { inSchedule } from './schedule'
import { offsetAt, timeOfLocal, UNKNOWN } from './zone'

/** `a` and `b` are the cells of the operands; `b` is 0 for the operations that have only one. */
export function testTime(node: u32, op: u32, a: u32, b: u32): Truth {
  if (op == Op.During) return during(node, a)
  const value = timeOf(a)
  if (isNaN(value)) return Truth.NotEvaluable
  if (op == Op.Within || op == Op.OlderThan) return age(node, op, value)
  const other = b == 0 ? load<f64>(node, 8) : timeOf(b)
  // The last of all tests are these: whatever else came here would be answered as they are.
  if (isNaN(other) || op > <u32>Op.AfterAttribute) return Truth.NotEvaluable
  const holds = op == Op.Before || op == Op.BeforeAttribute ? value < other : value > other
  return holds ? Truth.True : Truth.False
}

/** Both ends of a window belong to it. */
function during(node: u32, a: u32): Truth {
  if (load<u32>(a) != Tag.Number) return Truth.NotEvaluable
  const now = load<f64>(a, 8)
  if (now < load<f64>(node, 8) || now > load<f64>(node, 16)) return Truth.False
  const schedule = load<u32>(node, 24)
  return schedule == 0 ? Truth.True : inSchedule(schedule, now)
}

/** Whether a time lies at most (within) or more than (older than) a duration before now; in the future it is neither. */
function age(node: u32, op: u32, value: f64): Truth {
  const cell = frame + Slot.Now * Layout.CellSize
  if (load<u32>(cell) != Tag.Number) return Truth.NotEvaluable
  const now = load<f64>(cell, 8)
  const start = before(now, load<u32>(node, 8), load<u32>(node, 12), load<f64>(node, 20), load<u32>(node, 16))
  if (isNaN(start)) return Truth.NotEvaluable
  const holds = op == Op.OlderThan ? value < start : value >= start && value <= now
  return holds ? Truth.True : Truth.False
}

/** The time that lies months, days and milliseconds before another, by the calendar of a zone; NaN when that is unknown. */
function before(now: f64, months: u32, days: u32, milliseconds: f64, zone: u32): f64 {
  if (!(Math.abs(now) <= <f64>TimeLimit.FarthestDay * <f64>MS_PER_DAY)) return NaN
  if (months == 0 && days == 0) return now - milliseconds
  const whole = Math.floor(now)
  const time = <i64>whole
  if (zone == 0) return <f64>subtractDate(time, months, days) + (now - whole) - milliseconds
  const offset = offsetAt(zone, time)
  if (offset == UNKNOWN) return NaN
  const start = timeOfLocal(zone, subtractDate(time + offset, months, days))
  return start < 0 ? NaN : <f64>start + (now - whole) - milliseconds
}

/** Whether the operation has a second attribute. */
export function comparesTwo(op: u32): bool {
  return op == Op.BeforeAttribute || op == Op.AfterAttribute
}
