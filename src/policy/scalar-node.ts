/** Scalars as nodes, and which of them no policy may hold. */
import type { Scalar } from './document.ts'
import type { BrokenNode, Position, Problem, ScalarNode } from './node.ts'

/** The node of a scalar, or a broken one when no policy may hold the value. */
export function scalarNode(value: Scalar | bigint, at: Position): ScalarNode | BrokenNode {
  const fault = scalarFault(value)
  return fault === undefined ? { kind: 'scalar', scalar: asHeld(value), at } : { kind: 'broken', ...fault, at }
}

/** What is wrong somewhere. */
type Fault = Omit<Problem, 'at'>

/** Why no policy may hold a scalar; undefined when it may. */
export function scalarFault(value: Scalar | bigint): Fault | undefined {
  switch (typeof value) {
    case 'string':
      return isWellFormed(value) ? undefined : halfPair('a string')
    case 'bigint':
      return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
        ? undefined
        : inexact(String(value))
    case 'number':
      if (Number.isSafeInteger(value)) return undefined
      if (Number.isInteger(value)) return inexact(String(value))
      return Number.isFinite(value)
        ? undefined
        : { code: 'E_NUMBER', found: `${value} is not a finite number`, advice: 'write a number' }
    default:
      return undefined
  }
}

/** A scalar without fault as models have it. -0 becomes 0: the two are equal in policies. */
export function asHeld(value: Scalar | bigint): Scalar {
  if (typeof value === 'bigint') return Number(value)
  return value === 0 ? 0 : value
}

function inexact(text: string): Fault {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text
  const found = `${shown} is beyond ±${Number.MAX_SAFE_INTEGER}, the whole numbers that a double holds exactly`
  return { code: 'E_NUMBER', found, advice: 'write it as a string' }
}

/** The problem of a string or key that is not well-formed Unicode. */
export function loneSurrogate(what: string, at: Position): Problem {
  return { ...halfPair(what), at }
}

function halfPair(what: string): Fault {
  const found = `${what} holds half of a surrogate pair, which is no character`
  return { code: 'E_STRING', found, advice: 'write the whole character, or remove it' }
}

/** It is younger than the oldest browsers served. */
const hasOwnTest = typeof String.prototype.isWellFormed === 'function'

/** Whether every surrogate is one of a pair. */
export function isWellFormed(text: string): boolean {
  // Most strings have no surrogates at all, and engines that keep such strings in bytes know at once.
  return hasOwnTest ? text.isWellFormed() : !/\p{Surrogate}/u.test(text)
}
