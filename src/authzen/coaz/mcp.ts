/**
 * COAZ-MCP (openid/authzen, profiles/authzen-coaz-mcp-binding-1_0, draft of August 2026; experimental): what to ask the PDP
 * before a message of the Model Context Protocol takes effect.
 */
import { isMap } from '../../text/is-map.ts'
import { type JsonObject, own } from '../json.ts'
import { type CoazMapping, compileMapping, type MappedRequest, wrong } from './mapping.ts'

/** A JSON-RPC request or notification from client to server. */
export interface McpMessage {
  readonly method: string
  readonly params?: unknown
}

export interface McpMapperOptions {
  /** The claim that names the principal, if it is not `sub` (section 3.1). */
  readonly subjectClaim?: string
  /** The server's own resource identifier (RFC 8707), for tokens whose `aud` names several. */
  readonly serverId?: string
  /**
   * Whether mappings that tools declare may say more of a subject than its type and id: its properties, or on whose behalf it
   * acts. Who declares them could then give itself roles. Refused when left out.
   */
  readonly trustDeclaredSubjects?: boolean
}

/** `pass`: there is nothing to ask. `deny`: there is no mapping for such a method. */
export type McpQuestion =
  | { readonly kind: 'ask'; readonly request: MappedRequest }
  | { readonly kind: 'pass' }
  | { readonly kind: 'deny' }

export interface McpMapper {
  /**
   * What to ask for a message of the bearer of a token with these claims, which the caller has verified. `tool` is the entry
   * of `tools/list` for the tool that is called, where it is known: its `x-authzen-mapping` comes before the default.
   *
   * @throws SallyportError `E_MAPPING` when there is no valid request to ask: the message must not pass.
   */
  map(message: McpMessage, claims: JsonObject, tool?: JsonObject): McpQuestion
}

const inputs = ['params', 'token']
const agent = { agent: '$token.?client_id' }
const server = { type: 'mcp_server', id: '$token.aud' }
const itemOf = (type: string, id: string) => ({ type, id })

/** Method → resource, and what the context has besides the agent (section 7). */
const defaults: Readonly<Record<string, { readonly resource: object; readonly context?: object }>> = {
  initialize: { resource: server, context: { protocol_version: '$params.protocolVersion' } },
  'tools/list': { resource: server },
  'tools/call': { resource: itemOf('tool', '$params.name') },
  'resources/list': { resource: server },
  'resources/read': { resource: itemOf('resource', '$params.uri') },
  'resources/subscribe': { resource: itemOf('resource', '$params.uri') },
  'resources/unsubscribe': { resource: itemOf('resource', '$params.uri') },
  'prompts/list': { resource: server },
  'prompts/get': { resource: itemOf('prompt', '$params.name') },
  'completion/complete': {
    resource: itemOf(
      "$params.ref.type == 'ref/prompt' ? 'prompt' : 'resource'",
      "$params.ref.type == 'ref/prompt' ? params.ref.name : params.ref.uri",
    ),
  },
  'logging/setLevel': { resource: server, context: { level: '$params.level' } },
  'tasks/get': { resource: itemOf('task', '$params.taskId') },
  'tasks/result': { resource: itemOf('task', '$params.taskId') },
  'tasks/cancel': { resource: itemOf('task', '$params.taskId') },
  'tasks/list': { resource: server },
}

/** @example createMcpMapper().map({ method: 'tools/call', params: { name: 'get_customer' } }, { sub: 'ann', aud: 'https://mcp' }) */
export function createMcpMapper(options: McpMapperOptions = {}): McpMapper {
  const { subjectClaim = 'sub', serverId, trustDeclaredSubjects = false } = options
  const subject = { type: 'identity', id: `$token[${JSON.stringify(subjectClaim)}]` }
  const compiled = new Map<string, CoazMapping>()
  for (const [name, { resource, context }] of Object.entries(defaults)) {
    const evaluation = { subject, context: { ...agent, ...context }, action: { name }, resource }
    compiled.set(name, compileMapping({ evaluation }, inputs))
  }
  // Tools of one list are called again and again.
  const declared = new WeakMap<object, CoazMapping>()
  const declaredBy = (mapping: object): CoazMapping => {
    const known = declared.get(mapping) ?? compileMapping(mapping, inputs)
    declared.set(mapping, known)
    return known
  }

  return {
    map: (message, claims, tool) => {
      const { method, params = {} } = message
      if (method === 'ping' || method.startsWith('notifications/')) return { kind: 'pass' }
      const declaration = method === 'tools/call' ? mappingOf(tool, params) : undefined
      const mapping = declaration === undefined ? compiled.get(method) : declaredBy(declaration)
      if (mapping === undefined) return { kind: 'deny' }
      const token = { ...claims, ...audienceOf(claims, serverId) }
      const request = mapping.resolve({ params, token })
      checkSubjects(request, claims[subjectClaim], trustDeclaredSubjects)
      return { kind: 'ask', request }
    },
  }
}

/** The mapping that a tool declares; the tool must be the one that is called. */
function mappingOf(tool: JsonObject | undefined, params: unknown): object | undefined {
  if (tool === undefined) return undefined
  if (!isMap(params) || own(params, 'name') !== own(tool, 'name')) throw wrong('the tool is not the one that is called')
  const schema = own(tool, 'inputSchema')
  const mapping = isMap(schema) ? own(schema, 'x-authzen-mapping') : undefined
  if (mapping === undefined) return undefined
  if (!isMap(mapping)) throw wrong('x-authzen-mapping is no object')
  return mapping
}

/** The one audience that is this server. Of several, only our own identifier tells; without it there is none to use. */
function audienceOf({ aud }: JsonObject, serverId: string | undefined): { readonly aud?: string } {
  const audiences =
    typeof aud === 'string' ? [aud] : Array.isArray(aud) ? aud.filter((one) => typeof one === 'string') : []
  if (serverId !== undefined) {
    if (!audiences.includes(serverId)) throw wrong('the token is not for this server')
    return { aud: serverId }
  }
  const [only, ...more] = audiences
  if (more.length > 0) throw wrong('the token is for several audiences; configure serverId')
  return only === undefined ? {} : { aud: only }
}

/** Whoever declares a mapping must not say who asks: `subject.id` is held against the token (framework, section 2.9). */
function checkSubjects({ body }: MappedRequest, principal: unknown, trusted: boolean): void {
  const entries: readonly unknown[] = Array.isArray(body.evaluations) ? body.evaluations : []
  for (const part of [body, ...entries]) {
    const subject = isMap(part) ? own(part, 'subject') : undefined
    if (subject === undefined) continue
    const { type: _, id, ...more } = isMap(subject) ? subject : {}
    if (typeof principal !== 'string' || id !== principal) throw wrong('subject.id is not whom the token is about')
    if (!trusted && Object.keys(more).length > 0) throw wrong('a mapping may give type and id of the subject alone')
  }
}
