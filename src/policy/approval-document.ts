/** The part of a policy document that says who has to approve what a rule puts under review. */

/**
 * Who may approve.
 *
 * @example 'role:manager'       // whoever holds the role on the resource
 * @example 'relation:owner'     // whoever has the relation to the resource
 * @example 'group:eng'          // whoever has the relation `member` to `group:eng`
 * @example 'user:ann'           // this subject
 * @example { relation: 'lead', of: 'team:eng' }
 */
export type Approver =
  | string
  | { readonly role: string }
  | { readonly relation: string; readonly of?: string }
  | { readonly id: string }

/**
 * How many must approve, and for how long that holds.
 *
 * @example { by: 'role:manager' }
 * @example { by: ['role:manager', 'user:ann'], quorum: 2, within: '4h', escalate: { after: '1h', to: 'role:director' } }
 */
export interface Approval {
  readonly by: Approver | readonly Approver[]
  /** `any` (one), a number, `all` who may, or a share of them such as `60%`. `any` when left out. */
  readonly quorum?: 'any' | 'all' | number | `${number}%`
  /** `sequence`: the approvers of `by` one after the other, each with the quorum. `parallel` when left out. */
  readonly order?: 'parallel' | 'sequence'
  /** How long a request waits for them: `4h`, `PT4H`. A day when left out. */
  readonly within?: string
  /** How long it may be used once they have approved. An hour when left out. */
  readonly valid?: string
  /** How often it may be used; once when left out. */
  readonly uses?: number
  /** Who may approve as well when so much time has passed without a resolution. */
  readonly escalate?: { readonly after: string; readonly to: Approver | readonly Approver[] }
}
