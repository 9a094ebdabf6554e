/**
 * open-guard's real Python client against a running service. It needs Python 3.12 or later, which `PYTHON` can name, and the package from
 * PyPI; where either is missing, the test says so in a line and is skipped.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Engine } from '../../../src/engine/types.ts'
import type { Administered } from '../../../src/service/admin/context.ts'
import { administer, createPermissions } from '../../../src/service/admin/index.ts'
import { createApp } from '../../../src/service/app.ts'
import { apiKeys, createApiKey, readApiKeys } from '../../../src/service/auth/index.ts'
import { openGuardApi } from '../../../src/service/compat/open-guard/index.ts'
import { serve } from '../../../src/service/node.ts'
import { memoryStore } from '../../../src/store/memory/index.ts'
import { root } from '../../docs/markdown.ts'

const PACKAGE = 'open-guard-python[client]==0.12.5'
const venv = `${root}/build/open-guard-client`
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

function works(command: string, args: readonly string[]): boolean {
  const { status } = spawnSync(command, args, { stdio: 'ignore', timeout: 120_000 })
  return status === 0
}

/** A Python that has the client; or why there is none. */
function findClient(): { readonly python: string } | { readonly missing: string } {
  const python = `${venv}/bin/python`
  const hasClient = () => works(python, ['-c', 'import open_guard.client, httpx'])
  if (existsSync(python) && hasClient()) return { python }
  const recent = ['-c', 'import sys; sys.exit(sys.version_info < (3, 12))']
  const { PYTHON } = process.env
  const names = PYTHON === undefined ? ['python3.13', 'python3.12', 'python3'] : [PYTHON]
  const base = names.find((name) => works(name, recent))
  if (base === undefined) return { missing: 'no Python 3.12 or later (PYTHON names one)' }
  if (!works(base, ['-m', 'venv', venv])) return { missing: `${base} makes no virtual environment` }
  if (!works(python, ['-m', 'pip', 'install', '--quiet', PACKAGE]))
    return { missing: `pip does not install ${PACKAGE}` }
  return hasClient() ? { python } : { missing: `${PACKAGE} cannot be imported` }
}

async function drive(python: string, args: readonly string[]): Promise<string> {
  const child = spawn(python, [`${root}/test/service/compat/client.py`, ...args])
  const [out, err]: [string[], string[]] = [[], []]
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text))
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(code, err.join('')).toBe(0)
  return out.join('')
}

const client = findClient()
if ('missing' in client) console.log(`skipped: open-guard's client is not run: ${client.missing}`)

test.skipIf('missing' in client)('its own client gets what it expects', { timeout: 120_000 }, async () => {
  const store = memoryStore()
  const tenants = new Map<string, Administered>()
  for (const tenant of ['acme', 'other']) {
    tenants.set(tenant, await administer({ tenant, store, clock: Date.now, random, payers: 'each' }))
  }
  const { key, id, sha256 } = await createApiKey(random)
  const attributes = { roles: ['sallyport:admin'], permissions: ['act_for:any'] }
  const keys = readApiKeys({ keys: [{ id, sha256, caller: 'ops', tenants: ['acme'], attributes }] })
  const app = createApp({
    engines: new Map<string, Engine>([...tenants].map(([name, { tenant }]) => [name, tenant.engine])),
    identify: apiKeys({ keys, now: Date.now }),
    apis: [openGuardApi({ tenants, permissions: await createPermissions() })],
  })
  const service = await serve({ app, port: 0 })
  try {
    const base = `${service.url}/tenants/acme/compat/open-guard`
    const got = JSON.parse(await drive('python' in client ? client.python : '', [base, 'acme', key]))
    const policy = { tenant_id: 'acme', resource_match: {}, conditions: {}, effect: 'allow', priority: 0 }
    expect(got).toEqual({
      health: { status: 'ok', version: '0.12.5' },
      empty: { status: 'denied', allowed: false, reason: expect.any(String), approval_request_id: null },
      policy: {
        ...policy,
        evaluator_type: 'rbac',
        subject_match: { roles: ['editor'] },
        action_match: ['read', 'write'],
      },
      listed: 1,
      of_type: 0,
      same: true,
      allowed: { status: 'allowed', allowed: true, reason: expect.any(String), approval_request_id: null },
      as_models: { status: 'allowed', allowed: true, reason: expect.any(String), approval_request_id: null },
      other_action: { status: 'denied', allowed: false, reason: expect.any(String), approval_request_id: null },
      trace: {
        status: 'allowed',
        schema_version: '1.0',
        decision_status: 'allowed',
        evaluators: ['rbac'],
        matched: [true],
        chain: [{ id: 'ann', actor_type: 'user', attributes: { roles: ['editor'] } }],
      },
      role: {
        ...policy,
        evaluator_type: 'rbac',
        subject_match: { roles: ['reviewer'], id: 'joe' },
        action_match: 'review',
      },
      role_used: true,
      role_gone: false,
      tuple: {
        tenant_id: 'acme',
        object_type: 'document',
        object_id: 'd1',
        relation: 'viewer',
        subject_type: 'user',
        subject_id: 'zoe',
        subject_relation: null,
      },
      related: { status: 'allowed', allowed: true, reason: expect.any(String), approval_request_id: null },
      check: [true, false],
      tuples: 1,
      list: { resource_ids: ['d1'], next_cursor: null },
      unrelated: false,
      delegation: { tenant_id: 'acme', from_subject_id: 'ann', to_subject_id: 'bot', status: 'active' },
      consumed: [
        ['allowed', true],
        ['allowed', true],
        ['denied', false],
      ],
      delegations: [true],
      revoked: 'denied',
      session: {
        tenant_id: 'acme',
        subject_id: 'ann',
        activated_roles: ['editor'],
        status: 'active',
        deactivated_at: null,
      },
      in_session: 'allowed',
      sessions: 1,
      after_session: 'denied',
      errors: {
        'no policy': { error: 'NotFoundError', code: 'http_404', status: 404 },
        'delete none': { error: 'NotFoundError', code: 'http_404', status: 404 },
        'no relationship': { error: 'NotFoundError', code: 'http_404', status: 404 },
        'no delegation': { error: 'NotFoundError', code: 'http_404', status: 404 },
        'no session': { error: 'NotFoundError', code: 'http_404', status: 404 },
        'other tenant': { error: 'AuthorizationServiceError', code: 'cross_tenant_forbidden', status: 403 },
        'other tenant, written': { error: 'AuthorizationServiceError', code: 'cross_tenant_forbidden', status: 403 },
        'no subject': { error: 'ValidationError', code: 'validation_error', status: 422 },
        'actor type': { error: 'ValidationError', code: 'validation_error', status: 422 },
        regex: { error: 'ValidationError', code: 'validation_error', status: 422 },
        prefilter: { error: 'ValidationError', code: 'validation_error', status: 422 },
        condition: { error: 'ValidationError', code: 'validation_error', status: 422 },
      },
      bearer: true,
      stranger: { error: 'AuthenticationError', code: 'invalid_api_key', status: 401 },
      async: true,
    })
  } finally {
    await service.close()
  }
})
