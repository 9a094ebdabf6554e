/**
 * What an agent runtime knows of a tool call (a flat map) as an AuthZEN request. Names and defaults are those of
 * authzen-policy-backend, so that policies written for it keep working.
 */
import type { EvaluationRequest } from '../requests.ts'

export type AgentContext = { readonly [key: string]: unknown }

/** Under which key of the context each thing stands. */
export interface AgentMapping {
  /** `agent_id` when left out: the subject's id. */
  readonly agentId: string
  /** `user_id` when left out: `bound_to_user_id` of the subject. */
  readonly userId: string
  /** `delegator` when left out: the subject's property of that name. */
  readonly delegator: string
  /** `tool_name` when left out: what the action and the resource are called that have no name of their own. */
  readonly toolName: string
  /** `action` when left out. */
  readonly action: string
  /** `resource_type` when left out. */
  readonly resourceType: string
  /** `resource_id` when left out. */
  readonly resourceId: string
  /** `pdp_application` when left out: what stands there is dropped, as the options say which application it is. */
  readonly application: string
}

/** Of the request's context, by which the PDP chooses its policies. */
const APPLICATION = 'pdp_application'

const defaultMapping: AgentMapping = {
  agentId: 'agent_id',
  userId: 'user_id',
  delegator: 'delegator',
  toolName: 'tool_name',
  action: 'action',
  resourceType: 'resource_type',
  resourceId: 'resource_id',
  application: APPLICATION,
}

export interface AgentRequestOptions {
  /** By which the PDP chooses its policies. The context cannot replace it. */
  readonly application: string
  /** Of resources whose context names none; `mcp_tool` when left out. */
  readonly resourceType?: string
  /** Of all subjects; `ai_agent` when left out. */
  readonly subjectType?: string
  /** Other keys for some of what is read; the usual ones when left out. */
  readonly mapping?: Partial<AgentMapping>
}

/**
 * The request for a tool call. What the mapping does not name goes into the request's context.
 *
 * @example
 * mapAgentContext({ agent_id: 'a1', tool_name: 'file_read', amount: 5 }, { application: 'desk' })
 * // subject ai_agent auth:agent:agentmesh:a1, action file_read, resource mcp_tool file_read, context { pdp_application: 'desk', amount: 5 }
 */
export function mapAgentContext(context: AgentContext, options: AgentRequestOptions): EvaluationRequest {
  const { application, subjectType = 'ai_agent', resourceType = 'mcp_tool' } = options
  const mapping: AgentMapping = { ...defaultMapping, ...options.mapping }
  const given = (key: keyof AgentMapping): unknown =>
    Object.hasOwn(context, mapping[key]) ? context[mapping[key]] : undefined
  const textOf = (key: keyof AgentMapping, otherwise: string): string => {
    const value = given(key)
    return value === undefined ? otherwise : String(value)
  }
  const tool = textOf('toolName', 'unknown')
  const type = textOf('resourceType', resourceType)
  const user = given('userId')
  const delegator = given('delegator')
  // Also where the mapping gives the application another name: nothing that the caller says chooses the policies.
  const taken = new Set<string>([...Object.values(mapping), APPLICATION])
  return {
    subject: {
      type: subjectType,
      id: subjectId(textOf('agentId', 'anonymous'), subjectType),
      properties: { ...(user ? { bound_to_user_id: user } : {}), ...(delegator ? { delegator } : {}) },
    },
    action: {
      name: textOf('action', tool),
      properties: { resource_type: type, operation_ref_id: `op:tool:${tool}` },
    },
    resource: { type, id: textOf('resourceId', tool), properties: {} },
    context: Object.fromEntries([
      [APPLICATION, application],
      ...Object.entries(context).filter(([key]) => !taken.has(key)),
    ]),
  }
}

/** `auth:TYPE:PROVIDER:ID`, unless it is of that form already. */
function subjectId(id: string, subjectType: string): string {
  if (id.startsWith('auth:')) return id
  return `auth:${subjectType === 'ai_agent' ? 'agent' : 'account'}:agentmesh:${id}`
}
