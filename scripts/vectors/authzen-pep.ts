/** authzen-policy-backend: its mapping, address check, decisions, tokens and ARIA context, through the PEP. */
import { isDeepStrictEqual } from 'node:util'
import type { AgentContext, AgentDecision, PdpClientOptions } from '../../src/pep/index.ts'
import { startRecorded } from './recorded-server.ts'
import type { Api, Case, Outcome, Runner } from './runner.ts'

type Map = { readonly [key: string]: unknown }

const runners: Readonly<Record<string, (input: Map, api: Api, expected: Map) => Promise<unknown>>> = {
  'pep-mapping': async ({ context, mapping, options }, api) =>
    api.pep.mapAgentContext(context as AgentContext, mappingOf(mapping as Map, options as Map)),
  'pep-url': async (input, api) => address(String(input), api),
  'pep-decision': decide,
  'pep-oauth': tokens,
  'pep-aria': async (input, api) => ariaOf(api.pep.readAriaContext(input.context as Map)),
}

export function authZenPepRunner(name: string): Runner | undefined {
  const run = runners[name.split('/').at(-1) ?? '']
  return run && ((one, api) => replay(one, api, run))
}

async function replay(one: Case, api: Api, run: NonNullable<(typeof runners)[string]>): Promise<Outcome> {
  const { input, expected } = one
  const got = await run(input as Map, api, expected as Map)
  return isDeepStrictEqual(got, expected) ? { kind: 'passed' } : { kind: 'failed', request: input, expected, got }
}

/** Its names for the keys of a mapping, and ours. */
const mappingKeys = {
  agent_id_key: 'agentId',
  tool_name_key: 'toolName',
  user_id_key: 'userId',
  action_key: 'action',
  resource_id_key: 'resourceId',
} as const

function mappingOf(mapping: Map, options: Map) {
  const named = Object.entries(mapping).map(([key, value]) => [mappingKeys[key as keyof typeof mappingKeys], value])
  return {
    application: String(options.pdp_application),
    ...(options.default_resource_type !== undefined && { resourceType: String(options.default_resource_type) }),
    ...(options.default_subject_type !== undefined && { subjectType: String(options.default_subject_type) }),
    mapping: Object.fromEntries(named),
  }
}

async function address(pdp: string, { pep }: Api): Promise<unknown> {
  try {
    const client = pep.createPdpClient({ pdp, endpoints: { access_evaluation_endpoint: pdp } })
    return { ok: true, url: (await client.endpoints()).access_evaluation_endpoint }
  } catch (error) {
    if ((error as { code?: unknown }).code === 'E_ADDRESS') return { ok: false }
    throw error
  }
}

/** No second try and no pause: the recording had none. */
const once = { retries: 0, breaker: false } as const

async function ask(api: Api, options: PdpClientOptions, closed: boolean): Promise<AgentDecision> {
  const client = api.pep.createPdpClient({ ...once, ...options })
  const pep = api.pep.createAgentPep({ client, application: 'recorded', onFailure: closed ? 'closed' : 'open' })
  return pep.decide({ agent_id: 'a1', tool_name: 'file_read' })
}

async function decide({ status, body, fault, fail_closed }: Map, api: Api): Promise<unknown> {
  const server = await startRecorded(fault === undefined ? { answer: { status: Number(status), body } } : {})
  // Nobody listens on a port that was just closed.
  if (fault === 'connection refused') await server.close()
  const endpoints = { access_evaluation_endpoint: `${server.url}/evaluation` }
  const options = { pdp: server.url, endpoints, timeout: fault === 'timeout' ? 100 : 5_000 }
  const { allowed, action, reason, error } = await ask(api, options, fail_closed === true)
  if (fault !== 'connection refused') await server.close()
  return { allowed, action, reason, backend: 'authzen', error: error ?? null }
}

async function tokens(input: Map, api: Api, expected: Map): Promise<unknown> {
  const server = await startRecorded({
    answer: { status: 200, body: { decision: true } },
    expiresIn: Number(input.expires_in),
  })
  const allowed: boolean[] = []
  try {
    const credentials = api.pep.clientCredentials({
      tokenEndpoint: `${server.url}/token`,
      clientId: String(input.client_id),
      clientSecret: String(input.client_secret),
      ...(input.audience !== undefined && { audience: String(input.audience) }),
      parameters: (input.extra_params ?? {}) as Record<string, string>,
    })
    const endpoints = { access_evaluation_endpoint: `${server.url}/evaluation` }
    const client = api.pep.createPdpClient({ ...once, pdp: server.url, endpoints, credentials })
    const pep = api.pep.createAgentPep({ client, application: 'recorded' })
    for (let i = 0; i < Number(input.evaluations); i++) allowed.push((await pep.decide({ tool_name: 'x' })).allowed)
  } catch (error) {
    // Ours refuses when it is set up, not with every request.
    if ((error as { code?: unknown }).code !== 'E_USAGE') throw error
    while (allowed.length < Number(input.evaluations)) allowed.push(false)
  } finally {
    await server.close()
  }
  const [form = null] = server.tokenForms
  // A form's fields have no order (RFC 6749, appendix B).
  const same = form !== null && sortedForm(form) === sortedForm(String(expected.form))
  return { token_requests: server.tokenForms.length, form: same ? expected.form : form, allowed }
}

function sortedForm(form: string): string {
  const fields = new URLSearchParams(form)
  fields.sort()
  return fields.toString()
}

function ariaOf(aria: ReturnType<Api['pep']['readAriaContext']>): unknown {
  return {
    decision_id: aria.decisionId,
    obligations: aria.obligations,
    constraints: aria.constraints.map(({ field, operator, value, raw }) => ({
      field_name: field,
      operator,
      value,
      raw,
    })),
    advice: aria.advice.map(({ message, severity, remediation, actionCode, actionParams }) => ({
      message,
      severity,
      remediation,
      action_code: actionCode,
      action_params: actionParams,
    })),
    requires_approval: aria.requiresApproval,
    reason_admin: aria.reasonAdmin,
    reason_user: aria.reasonUser,
    raw_context: aria.raw,
  }
}
