import { describe, expect, it } from 'vitest'
import { createApp } from '../../../src/service/app.ts'
import { writeLine } from '../../../src/service/log/line.ts'
import { faultLog, requestLog } from '../../../src/service/observe/index.ts'
import { bearer, engines, keysOf } from '../auth/support.ts'
import { post, request } from '../support.ts'

const now = () => Date.parse('2026-05-01T12:00:00Z')

function logged(format: 'json' | 'text', options: object = {}) {
  const lines: string[] = []
  const log = { format, now, write: (line: string) => void lines.push(line) }
  return { lines, app: createApp({ engines, observers: [requestLog(log)], logger: faultLog(log), now, ...options }) }
}

describe('the log', () => {
  it('has a line for every request, with who asked what tenant', async () => {
    const { made, identify } = await keysOf([{ type: 'gateway' }])
    const { lines, app } = logged('json', { identify })
    const path = '/tenants/acme/access/v1/evaluation'
    await post(app, path, request, { ...bearer(made[0]?.key ?? ''), 'X-Request-ID': 'r-1' })
    await post(app, path, request, { ...bearer('wrong'), 'X-Request-ID': 'r-2' })
    await app.request('/tenants/acme/secret-path?token=secret')
    const records = lines.map((line) => JSON.parse(line))
    expect(records).toEqual([
      {
        time: '2026-05-01T12:00:00.000Z',
        level: 'info',
        message: 'request',
        request_id: 'r-1',
        method: 'POST',
        route: '/tenants/:tenant/access/v1/evaluation',
        status: 200,
        duration_ms: expect.any(Number),
        tenant: 'acme',
        caller: 'pep',
        caller_type: 'gateway',
        proof: 'api-key',
      },
      expect.objectContaining({ level: 'warn', request_id: 'r-2', status: 401, code: 'E_UNAUTHENTICATED' }),
      expect.objectContaining({
        level: 'info',
        status: 404,
        code: 'E_NOT_FOUND',
        request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      }),
    ])
    expect(lines.join('\n')).not.toMatch(/spk_|wrong|secret|alice|record-1/)
  })

  it('gives requests without an id one, and tells it', async () => {
    const { lines, app } = logged('json')
    const answer = await post(app, '/tenants/acme/access/v1/evaluation', request)
    expect(JSON.parse(lines[0] ?? '').request_id).toBe(answer.headers.get('x-request-id'))
  })

  it('may be text', async () => {
    const { lines, app } = logged('text')
    await post(app, '/tenants/acme/access/v1/evaluation', request, { 'X-Request-ID': 'a b' })
    expect(lines[0]).toMatch(
      /^2026-05-01T12:00:00.000Z info request request_id="a b" method=POST route=\/tenants\/:tenant\/access\/v1\/evaluation status=200 duration_ms=[\d.]+ tenant=acme$/,
    )
  })

  it('tells of faults of the service, once, and where they arose if that is wanted', async () => {
    const broken = {
      source: () => {
        throw new Error('the disk\nis gone')
      },
    }
    const { lines, app } = logged('json', broken)
    const answer = await post(app, '/tenants/acme/access/v1/evaluation', request)
    expect(answer).toMatchObject({ status: 500, body: { code: 'E_INTERNAL' } })
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'error', code: 'E_INTERNAL', detail: 'the disk\nis gone' },
      { level: 'error', status: 500, code: 'E_INTERNAL' },
    ])
    const [fault, line] = lines.map((text) => JSON.parse(text))
    expect(fault.request_id).toBe(line.request_id)
    // Not the path as it came: ids of clients stand in it.
    expect(fault.message).toBe('POST /tenants/:tenant/access/v1/evaluation failed')
    const stacks: string[] = []
    faultLog({ format: 'text', now, stacks: true, write: (line) => void stacks.push(line) }).error('x', new Error('y'))
    expect(stacks[0]).toContain('log.test.ts')
  })
})

describe('a line cannot be forged', () => {
  const hostile = [
    'a\n{"level":"info","message":"request","status":200}',
    'a\r\nb',
    'a" status=200 caller="admin',
    'a\\" status=200',
    'a status=200',
    '\u001b[2J\u001b[31m',
    '\u009b31m',
    'a\u2028b\u2029c\u0085d',
    '\u202etxt.exe',
    '\u0000\u007f',
  ]
  const record = { time: '2026-05-01T12:00:00.000Z', level: 'info' as const, message: 'request' }

  it.each(hostile)('by %j: JSON is one line that reads back as it was', (value) => {
    const line = writeLine('json', { ...record, request_id: value, tenant: value })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be there
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/)
    expect(JSON.parse(line)).toEqual({ ...record, request_id: value, tenant: value })
  })

  it.each(hostile)('by %j: text is one line, and its fields are those that were meant', (value) => {
    const line = writeLine('text', { ...record, request_id: value, status: 404 })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be there
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/)
    const fields = [...line.matchAll(/ ([a-z_]+)=((?:[^\s"]+)|"(?:[^"\\]|\\.)*")/g)].map(([, name, text]) => [
      name,
      text,
    ])
    expect(fields.map(([name]) => name)).toEqual(['request_id', 'status'])
    expect(fields[1]).toEqual(['status', '404'])
  })
})

it('a header that names a request cannot end a line of the log, nor fill it', async () => {
  const { lines, app } = logged('json')
  await post(app, '/tenants/acme/access/v1/evaluation', request, { 'X-Request-ID': `x${'\u0085'.repeat(5000)}` })
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] ?? '').request_id).toHaveLength(128)
})
