/** An enforcement point for agents' tool calls: a flat context in, a decision out, never an exception. */

import type { PdpDecision } from '../answers.ts'
import type { CallOptions, PdpClient } from '../client.ts'
import { PdpError } from '../error.ts'
import { hasObligations } from '../obligations.ts'
import { type AriaContext, readAriaContext, reasonOf } from './aria.ts'
import { type AgentContext, type AgentRequestOptions, mapAgentContext } from './mapping.ts'

export interface AgentPepOptions extends AgentRequestOptions {
  readonly client: PdpClient
  /**
   * What a failure to ask means. `closed` (when left out): a denial like any other. `open`: a denial whose `error` says that the PDP was
   * not heard, so that the caller may ask elsewhere; it is never an allow.
   */
  readonly onFailure?: 'closed' | 'open'
  /**
   * Meets the obligations of an allow (`raw` has all that the PDP said), and says whether it could. Left out, or where it
   * throws: an allow with obligations is a denial.
   */
  readonly fulfil?: (aria: AriaContext, context: AgentContext) => boolean | Promise<boolean>
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

const UNMET = 'AuthZEN PDP: access permitted, with obligations that are not met here'

export interface AgentPep {
  decide(context: AgentContext, options?: CallOptions): Promise<AgentDecision>
}

/**
 * @example
 * const pep = createAgentPep({ client: createPdpClient({ pdp, credentials }), application: 'desk' })
 * const { allowed } = await pep.decide({ agent_id: 'a1', tool_name: 'transfer_funds', amount: 50_000 })
 */
export function createAgentPep({ client, onFailure = 'closed', fulfil, ...mapping }: AgentPepOptions): AgentPep {
  /** Whether the PDP allows it and nothing is left to be done. */
  async function isMet({ decision, context: said }: PdpDecision, context: AgentContext): Promise<boolean> {
    if (!decision || !hasObligations(said)) return decision
    try {
      return (await fulfil?.(readAriaContext(said), context)) === true
    } catch {
      return false
    }
  }

  return {
    async decide(context, options) {
      try {
        const said = await client.evaluate(mapAgentContext(context, mapping), options)
        return answer(said, await isMet(said, context))
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

function answer({ decision, context = {} }: PdpDecision, allowed: boolean): AgentDecision {
  const said = reasonOf(context.reason_admin) ?? reasonOf(context.reason_user)
  const own = decision ? 'AuthZEN PDP: access permitted' : 'AuthZEN PDP: access denied'
  return {
    allowed,
    action: allowed ? 'allow' : 'deny',
    // The PDP's reason would be one for an allow.
    reason: decision && !allowed ? UNMET : (said ?? own),
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
