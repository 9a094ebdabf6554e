import { describe, expect, test } from 'vitest'
import {
  type DelegationState,
  isOver,
  type KeptState,
  leaseEnd,
  type Standing,
  stateOf,
  type Transition,
  transitions,
} from '../../../src/delegation/state.ts'

const standing = (more: Partial<Standing> = {}): Standing => ({
  kept: 'active',
  expiresAt: undefined,
  leasedUntil: undefined,
  usesLeft: undefined,
  budgetLeft: undefined,
  ...more,
})

describe('the state at a time', () => {
  const ends = { expiresAt: 100 }
  const leased = { leasedUntil: 50 }
  test.each<[Partial<Standing>, number, DelegationState]>([
    [{}, 0, 'active'],
    [ends, 99, 'active'],
    [ends, 100, 'expired'],
    [leased, 49, 'active'],
    [leased, 50, 'lapsed'],
    [{ ...ends, ...leased }, 100, 'expired'],
    [{ usesLeft: 1 }, 0, 'active'],
    [{ usesLeft: 0 }, 0, 'exhausted'],
    [{ budgetLeft: 1 }, 0, 'active'],
    [{ budgetLeft: 0, usesLeft: 5 }, 0, 'exhausted'],
    [{ usesLeft: 0, ...leased }, 60, 'lapsed'],
    [{ usesLeft: 0, ...ends }, 100, 'expired'],
    [{ kept: 'suspended', ...leased, usesLeft: 0 }, 60, 'suspended'],
    [{ kept: 'suspended', ...ends }, 100, 'expired'],
    [{ kept: 'proposed' }, 0, 'proposed'],
    [{ kept: 'proposed', ...ends }, 100, 'expired'],
    [{ kept: 'revoked', ...ends }, 100, 'revoked'],
    [{ kept: 'declined', ...ends }, 100, 'declined'],
  ])('%j at %i is %s', (more, now, state) => {
    expect(stateOf(standing(more), now)).toBe(state)
  })
})

/** What each transition leads to; a dash where it is refused. */
const table: Record<DelegationState, Record<Transition, KeptState | '-'>> = {
  proposed: { accept: 'active', decline: 'declined', renew: '-', suspend: '-', resume: '-', revoke: 'revoked' },
  active: { accept: '-', decline: '-', renew: 'active', suspend: 'suspended', resume: '-', revoke: 'revoked' },
  lapsed: { accept: '-', decline: '-', renew: 'active', suspend: 'suspended', resume: '-', revoke: 'revoked' },
  exhausted: { accept: '-', decline: '-', renew: 'active', suspend: 'suspended', resume: '-', revoke: 'revoked' },
  suspended: { accept: '-', decline: '-', renew: '-', suspend: '-', resume: 'active', revoke: 'revoked' },
  expired: { accept: '-', decline: '-', renew: '-', suspend: '-', resume: '-', revoke: 'revoked' },
  declined: { accept: '-', decline: '-', renew: '-', suspend: '-', resume: '-', revoke: '-' },
  revoked: { accept: '-', decline: '-', renew: '-', suspend: '-', resume: '-', revoke: '-' },
}

describe.each(Object.entries(table))('from %s', (state, row) => {
  test.each(Object.entries(row))('%s leads to %s', (name, to) => {
    const transition = transitions[name as Transition]
    expect(transition.from.includes(state as DelegationState) ? transition.to : '-').toBe(to)
  })
})

test('what is over', () => {
  const over = Object.keys(table).filter((state) => isOver(state as DelegationState))
  expect(over).toEqual(['expired', 'declined', 'revoked'])
})

test('a lease ends with the delegation at the latest', () => {
  expect(leaseEnd(1000, 60, undefined)).toBe(1060)
  expect(leaseEnd(1000, 60, 1030)).toBe(1030)
  expect(leaseEnd(1000, undefined, 1030)).toBeUndefined()
})
