/** Approvals as a valid document means them; also what an image carries of them. */

export interface ApprovalModel {
  /** One after the other; at least one. */
  readonly stages: readonly ApprovalStage[]
  /** Milliseconds that a request waits. */
  readonly within: number
  /** Milliseconds that it may be used once it is approved. */
  readonly valid: number
  readonly uses: number
  readonly escalate?: { readonly after: number; readonly by: readonly ApproverModel[] }
}

export interface ApprovalStage {
  readonly by: readonly ApproverModel[]
  readonly quorum: QuorumModel
}

export type ApproverModel =
  | { readonly kind: 'subject'; readonly type: string; readonly id: string }
  | { readonly kind: 'role'; readonly role: string }
  /** The relation to an object (`type:id`), or to the resource of the request. */
  | { readonly kind: 'relation'; readonly relation: string; readonly object?: string }

export type QuorumModel =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'all' }
  /** Rounded up; from 1 to 100. */
  | { readonly kind: 'share'; readonly percent: number }
