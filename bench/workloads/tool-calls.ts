/**
 * Tool calls of agents: thirty rules over a nested request of about 1 KB, with patterns for actions, paths and hosts, numeric
 * limits, and trust. Half of the rules deny. Most of a request is read by no rule, as it is with real calls.
 */
import type { Rule } from '../../src/policy/document.ts'
import { createRandom, type Random } from '../random.ts'
import { type BuildOptions, parseRequests, sizeCase, type Workload, type WorkloadFactory } from './workload.ts'

const agent = { type: 'agent' }
const trust = (min: number) => ({ 'subject.trust_score': { gte: min } })
const call = (key: string, test: unknown) => ({ [`context.call.${key}`]: test })
const session = (key: string, test: unknown) => ({ [`context.session.${key}`]: test })

/** `allow` or `deny`, actions, conditions. */
type Line = readonly [effect: 'allow' | 'deny', action: string, ...when: Readonly<Record<string, unknown>>[]]

const lines: readonly Line[] = [
  ['allow', 'fs:read', trust(200), call('path', { starts_with: '/workspace/' })],
  ['allow', 'fs:list', trust(100)],
  ['allow', 'fs:write', trust(500), call('path', { glob: '/workspace/*/out/*' }), call('size', { lte: 1_000_000 })],
  ['deny', 'fs:*', call('path', { glob: '*/.ssh/*' })],
  ['deny', 'fs:*', call('path', { ends_with: '.pem' })],
  ['deny', 'fs:delete', session('human_present', false)],
  ['allow', 'fs:delete', trust(800), call('path', { starts_with: '/workspace/tmp/' })],
  ['allow', 'http:get', trust(300), call('host', { glob: '*.example.com' })],
  ['allow', 'http:get', trust(600), { 'resource.risk': { lte: 3 } }],
  [
    'allow',
    'http:post',
    trust(700),
    call('host', { in: ['api.example.com', 'hooks.example.com'] }),
    call('size', { lt: 65_536 }),
  ],
  ['deny', 'http:*', call('host', { starts_with: '169.254.' })],
  ['deny', 'http:*', call('host', { in: ['localhost', '127.0.0.1', 'metadata.google.internal'] })],
  ['allow', 'db:query', trust(400), call('environment', { in: ['test', 'staging'] })],
  ['allow', 'db:query', trust(750), call('environment', 'production'), call('rows', { lte: 1000 })],
  ['allow', 'db:execute', trust(900), call('environment', 'test')],
  ['deny', 'db:*', { 'subject.tier': 'sandbox' }, call('environment', 'production')],
  ['deny', 'db:execute', call('environment', 'production'), session('human_present', false)],
  ['allow', 'mail:send', trust(600), call('recipients', { lte: 5 })],
  ['deny', 'mail:send', call('recipients', { gt: 50 })],
  ['deny', 'mail:*', session('labels_read', 'confidential'), call('external', true)],
  ['allow', 'pay:quote', trust(300)],
  ['allow', 'pay:transfer', trust(850), call('amount', { lte: 500 }), call('currency', { in: ['EUR', 'USD'] })],
  ['deny', 'pay:transfer', { 'context.session.spent': { gt: { ref: 'subject.budget' } } }],
  ['deny', 'pay:*', { 'subject.tier': 'sandbox' }],
  ['allow', 'git:*', trust(500), call('repository', { glob: 'acme/*' })],
  ['deny', 'git:push', call('branch', { in: ['main', 'release'] })],
  ['allow', 'shell:run', trust(950), session('human_present', true)],
  ['deny', 'shell:*', session('depth', { gt: 2 })],
  ['allow', 'calendar:*', trust(250)],
  ['deny', '*', session('calls', { gt: 500 })],
]

const actions = [
  'fs:read',
  'fs:list',
  'fs:write',
  'fs:delete',
  'http:get',
  'http:post',
  'db:query',
  'db:execute',
  'mail:send',
  'pay:quote',
  'pay:transfer',
  'git:clone',
  'git:push',
  'shell:run',
  'calendar:create',
  'vault:open',
]
const paths = [
  '/workspace/src/main.ts',
  '/workspace/app/out/report.html',
  '/workspace/tmp/scratch-17',
  '/home/agent/.ssh/id_ed25519',
  '/workspace/tls/server.pem',
  '/etc/passwd',
]
const hosts = [
  'api.example.com',
  'docs.example.com',
  'hooks.example.com',
  'news.example.org',
  '169.254.169.254',
  'localhost',
]

export const toolCalls: WorkloadFactory = {
  name: 'tool-calls',
  description:
    'tool calls of agents: thirty rules with patterns, numeric limits and trust; nested requests of about 1 KB',
  cases: () => [sizeCase(lines.length)],
  build,
}

function build({ case: only, seed, requests = 4096 }: BuildOptions): Workload {
  const random = createRandom(seed)
  const texts = Array.from({ length: requests }, () => JSON.stringify(makeRequest(random)))
  return {
    name: toolCalls.name,
    case: only,
    seed,
    question: 'request',
    perCall: 1,
    document: { version: 1, tenant: 'bench', rules: toolCallRules() },
    texts,
    requests: parseRequests(texts),
  }
}

/** The rules; `opa/` has them in Rego. */
export function toolCallRules(): Rule[] {
  return lines.map(([effect, action, ...parts], i) => {
    const when = Object.assign({}, ...parts)
    return { id: `rule-${i}`, [effect]: action, on: 'tool', to: agent, when } as Rule
  })
}

function makeRequest(random: Random) {
  const word = () => random.integer(2 ** 31).toString(36)
  const action = random.pick(actions)
  return {
    subject: {
      type: 'agent',
      id: `agent-${random.integer(200)}`,
      properties: {
        tier: random.pick(['sandbox', 'standard', 'standard', 'privileged']),
        trust_score: random.integer(1001),
        budget: 100 * random.integer(50),
        team: random.pick(['research', 'support', 'sales', 'operations']),
        model: { name: 'model-large', version: '2026-10', provider: word() },
      },
    },
    action: { name: action, properties: { tool: action.replace(':', '.'), version: '1.4.2' } },
    resource: {
      type: 'tool',
      id: `mcp://${word()}/${action}`,
      properties: {
        server: `server-${random.integer(20)}`,
        risk: random.integer(10),
        vendor: word(),
        tags: [word(), word()],
      },
    },
    context: {
      call: {
        id: word() + word(),
        path: random.pick(paths),
        host: random.pick(hosts),
        size: random.integer(200_000),
        environment: random.pick(['test', 'staging', 'production']),
        rows: random.integer(4000),
        recipients: random.next() < 0.8 ? random.integer(8) : random.integer(100),
        external: random.next() < 0.3,
        amount: random.integer(1000),
        currency: random.pick(['EUR', 'USD', 'GBP']),
        repository: random.pick(['acme/app', 'acme/infra', 'other/tool']),
        branch: random.pick(['main', 'release', 'feature-1', 'fix-2']),
        arguments: {
          text: `${word()} ${word()} ${word()} ${word()} ${word()}`,
          flags: [word(), word()],
          dry_run: false,
        },
      },
      session: {
        id: word() + word(),
        human_present: random.next() < 0.4,
        labels_read: random.pick(['public', 'internal', 'confidential']),
        spent: random.integer(5000),
        depth: random.integer(4),
        calls: random.integer(520),
        started: '2026-11-21T09:30:00Z',
        plan: [word(), word(), word(), word()],
      },
    },
  }
}
