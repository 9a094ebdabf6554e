/** An enforcement point for agents' tool calls: a flat context in, a decision out, never an exception. */

import type { PdpDecision } from '../answers.ts'
import type { CallOptions, PdpClient } from '../client.ts'
import { PdpError } from '../error.ts'
import { type AriaContext, readAriaContext, reasonOf } from './aria.ts'
import { type AgentContext, type AgentRequestOptions, mapAgentContext } from './mapping.ts'

export interface AgentPepOptions extends AgentRequestOptions {
  readonly client: PdpClient
  /**
   * What a failure to ask means. `closed` (when left out): a denial like any other. `open`: a denial whose `error` says that the PDP was
   * not heard, so that the caller may ask elsewhere; it is never an allow.
   */
  readonly onFailure?: 'closed' | 'open'
}

export interface AgentDecision {
  readonly allowed: boolean
  readonly action: 'allow' | 'deny'
  /** For the log: the PDP's own reason, if it gave one. */
  readonly reason: string
  /** Why the PDP could not be asked; only with `onFailure: 'open'`. */
  readonly error: string | undefined
  readonly aria: AriaContext
}

export interface AgentPep {
  decide(context: AgentContext, options?: CallOptions): Promise<AgentDecision>
}

/**
 * @example
 * const pep = createAgentPep({ client: createPdpClient({ pdp, credentials }), application: 'desk' })
 * const { allowed } = await pep.decide({ agent_id: 'a1', tool_name: 'transfer_funds', amount: 50_000 })
 */
export function createAgentPep({ client, onFailure = 'closed', ...mapping }: AgentPepOptions): AgentPep {
  return {
    async decide(context, options) {
      try {
        return answer(await client.evaluate(mapAgentContext(context, mapping), options))
      } catch (error) {
        const why = describe(error)
        return {
          allowed: false,
          action: 'deny',
          reason: `AuthZEN PDP error: ${why}`,
          error: onFailure === 'open' ? why : undefined,
          aria: readAriaContext(),
        }
      }
    },
  }
}

function answer({ decision, context = {} }: PdpDecision): AgentDecision {
  const said = reasonOf(context.reason_admin) ?? reasonOf(context.reason_user)
  return {
    allowed: decision,
    action: decision ? 'allow' : 'deny',
    reason: said ?? (decision ? 'AuthZEN PDP: access permitted' : 'AuthZEN PDP: access denied'),
    error: undefined,
    aria: readAriaContext(context),
  }
}

/** Nothing of an error that is not ours: it could name the address or hold the token. */
function describe(error: unknown): string {
  if (!(error instanceof PdpError)) return 'the request could not be made'
  if (error.code === 'E_PDP_STATUS') return `HTTP ${error.status}`
  if (error.code === 'E_PDP_TIMEOUT') return 'PDP request timed out'
  return error.code === 'E_PDP_CONNECTION' ? 'PDP connection failed' : error.message
}
