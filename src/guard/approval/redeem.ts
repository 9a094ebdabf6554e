/** Using an approval: what an allow that rests on it writes. */
import type { Write } from '../../store/port.ts'
import type { ApprovalRow } from './record.ts'

/** Takes one use; its guards hold only while the approval may be used. */
export function redeem({ id }: ApprovalRow, now: number): Write {
  return {
    update: 'approvals',
    key: { id },
    add: { uses: 1 },
    when: [
      { column: 'state', is: '=', value: 'approved' },
      { column: 'expires_at', is: '>', value: now },
      { column: 'uses', plus: 1, is: '<=', to: 'max_uses' },
    ],
  }
}
