import { chmod, lstat, open, readdir, readFile, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createSigner } from '../../src/authzen/signer.ts'
import { createProofIssuer } from '../../src/identity/issuer.ts'
import { createApiKey, readApiKeys } from '../../src/service/auth/index.ts'
import { cli, folder, records } from './support.ts'

const now = Date.parse('2026-05-01T12:00:00Z')

it('prints a key once, and its record', async () => {
  const { code, stdout } = await cli([
    'key',
    'create',
    'pep-1',
    '--tenant',
    'acme',
    '--tenant',
    'bolt',
    '--role',
    'operator',
  ])
  const { key, record } = JSON.parse(stdout)
  expect(code).toBe(0)
  expect(key).toMatch(new RegExp(`^spk_${record.id}_`))
  expect(readApiKeys({ keys: [record] }).get(record.id)).toMatchObject({
    caller: { id: 'pep-1', tenants: ['acme', 'bolt'], attributes: { roles: ['operator'] } },
    expires: Number.POSITIVE_INFINITY,
  })
})

it('adds records to a file, and never the key', async () => {
  const cwd = await folder({})
  const create = (...argv: string[]) => cli(['key', 'create', ...argv, '--keys', 'keys.json'], { cwd, now })
  const first = await create('pep-1', '--all-tenants', '--expires', 'P90D')
  const second = await create('pep-1', '--all-tenants')
  const text = await readFile(join(cwd, 'keys.json'), 'utf8')
  for (const { stdout } of [first, second]) {
    expect(stdout).toMatch(/^spk_[0-9a-f]{16}_[\w-]{43}\n$/)
    expect(text).not.toContain(stdout.trim().slice(-43))
  }
  const records = [...readApiKeys(JSON.parse(text)).values()]
  expect(records.map(({ caller, expires }) => [caller.id, caller.tenants, expires])).toEqual([
    ['pep-1', 'all', now + 90 * 86_400_000],
    ['pep-1', 'all', Number.POSITIVE_INFINITY],
  ])
})

it('loses no record when several add one at once, nor a key', async () => {
  const cwd = await folder({})
  const names = Array.from({ length: 12 }, (_, i) => `pep-${i}`)
  const ended = await Promise.all([
    ...names.map((name) => cli(['key', 'create', name, '--all-tenants', '--keys', 'keys.json'], { cwd })),
    ...names.map((name) => cli(['key', 'signing', '-o', `${name}.jwk`, '--keys', 'open.json'], { cwd })),
  ])
  expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(ended.map(() => [0, '']))
  const read = async (file: string) => JSON.parse(await readFile(join(cwd, file), 'utf8'))
  expect(new Set([...readApiKeys(await read('keys.json')).values()].map(({ caller }) => caller.id))).toEqual(
    new Set(names),
  )
  expect((await read('open.json')).keys).toHaveLength(names.length)
  // Nothing is left of how it was done.
  expect((await readdir(cwd)).sort()).toEqual(['keys.json', 'open.json', ...names.map((name) => `${name}.jwk`)].sort())
})

it.skipIf(process.platform === 'win32')(
  'puts a whole file in place of the one before, for those whom that was for',
  async () => {
    const cwd = await folder({ 'real.json': '{"keys":[],"note":"mine"}' })
    await chmod(join(cwd, 'real.json'), 0o640)
    await symlink('real.json', join(cwd, 'keys.json'))
    const before = await open(join(cwd, 'real.json'))
    onTestFinished(() => before.close())
    expect(await cli(['key', 'create', 'a', '--all-tenants', '--keys', 'keys.json'], { cwd })).toMatchObject({
      code: 0,
    })
    expect(await before.readFile('utf8')).toBe('{"keys":[],"note":"mine"}')
    expect((await lstat(join(cwd, 'keys.json'))).isSymbolicLink()).toBe(true)
    expect((await stat(join(cwd, 'real.json'))).mode & 0o777).toBe(0o640)
    const { keys, note } = JSON.parse(await readFile(join(cwd, 'real.json'), 'utf8'))
    expect([keys.length, note]).toEqual([1, 'mine'])
  },
)

it('says what to do when another command was ended while it wrote', async () => {
  const cwd = await folder({ 'keys.json': '{"keys":[]}', 'keys.json.lock': '' })
  const { code, stdout, stderr } = await cli(['key', 'create', 'a', '--all-tenants', '--keys', 'keys.json'], { cwd })
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/keys\.json\.lock; if none is running, one was ended: delete that file {2}E_FILE/)
  expect((await readdir(cwd)).sort()).toEqual(['keys.json', 'keys.json.lock'])
  expect(await readFile(join(cwd, 'keys.json'), 'utf8')).toBe('{"keys":[]}')
}, 15_000)

it('leaves a file that is damaged as it is', async () => {
  const cwd = await folder({ 'keys.json': '{"keys":[{"id":"x"}]}' })
  const { code, stderr } = await cli(['key', 'create', 'a', '--all-tenants', '--keys', 'keys.json'], { cwd })
  expect([code, stderr]).toEqual([2, expect.stringContaining('keys[0].id is 16 hexadecimal digits')])
  expect(await readFile(join(cwd, 'keys.json'), 'utf8')).toBe('{"keys":[{"id":"x"}]}')
})

it.each([
  [[], 'key needs create or signing'],
  [['create'], 'needs the name of a caller'],
  [['create', 'a'], 'needs either --tenant NAME'],
  [['create', 'a', '--tenant', 'x', '--all-tenants'], 'needs either --tenant NAME'],
  [['create', 'a', '--all-tenants', '-o', 'x'], '-o is of key signing'],
  [['signing'], 'needs a file for the private key'],
  [['signing', 'a', '-o', 'x'], 'takes -o FILE and --keys FILE alone'],
  [['signing', '--all-tenants', '-o', 'x'], 'takes -o FILE and --keys FILE alone'],
  [['create', 'a', '--all-tenants', '--expires', '90 days'], '--expires: "90 days" is not an ISO 8601 duration'],
])('%j is wrong usage', async (argv, message) => {
  const { code, stderr } = await cli(['key', ...argv])
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
})

describe('key signing', () => {
  const secret = 'bundle-key.jwk'
  const make = (cwd: string, file = secret, ...more: string[]) => cli(['key', 'signing', '-o', file, ...more], { cwd })

  it('makes what signs bundles, for its owner alone, and what verifies them', async () => {
    const cwd = await folder({})
    expect(await make(cwd, secret, '--keys', 'bundle-keys.json')).toMatchObject({ code: 0, stderr: '' })
    expect((await stat(join(cwd, secret))).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600)
    const argv = ['-p', records, '--revision', '1', '--key', secret, '-o', 'p.bundle']
    expect((await cli(['bundle', 'build', ...argv], { cwd })).code).toBe(0)
    expect((await cli(['bundle', 'verify', 'p.bundle', '--keys', 'bundle-keys.json'], { cwd })).code).toBe(0)
    const text = await readFile(join(cwd, 'bundle-keys.json'), 'utf8')
    expect(text).not.toContain(JSON.parse(await readFile(join(cwd, secret), 'utf8')).d)
  })

  it('adds to the public keys that there are', async () => {
    const cwd = await folder({})
    for (const file of ['a.jwk', 'b.jwk']) await make(cwd, file, '--keys', 'keys.json')
    const { keys } = JSON.parse(await readFile(join(cwd, 'keys.json'), 'utf8'))
    expect(keys).toHaveLength(2)
    expect(new Set(keys.map(({ kid }: { kid: string }) => kid)).size).toBe(2)
    expect(JSON.parse((await make(cwd, 'c.jwk')).stdout).keys).toHaveLength(1)
  })

  it('never writes over a key, nor into a file of another kind', async () => {
    const cwd = await folder({ [secret]: 'mine', 'api-keys.json': '{"keys":[{"id":"x"}]}' })
    expect(await make(cwd, secret, '--keys', 'new.json')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('it is there already'),
    })
    expect(await readdir(cwd)).not.toContain('new.json')
    expect(await make(cwd, 'new.jwk', '--keys', 'api-keys.json')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is no JWK Set of public keys'),
    })
    expect(await readdir(cwd)).not.toContain('new.jwk')
    expect(await readFile(join(cwd, secret), 'utf8')).toBe('mine')
  })

  it('makes keys for proofs and metadata, too', async () => {
    const cwd = await folder({})
    await make(cwd)
    const jwk = JSON.parse(await readFile(join(cwd, secret), 'utf8'))
    const issuer = 'https://pdp.example.com'
    expect((await createProofIssuer({ issuer, jwk }).publicKeys()).keys).toHaveLength(1)
    expect((await createSigner({ issuer, jwk }).publicKeys()).keys).toHaveLength(1)
  })
})

it('makes keys that differ in every part', async () => {
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const keys = await Promise.all(Array.from({ length: 50 }, () => createApiKey(random)))
  expect(new Set(keys.map(({ id }) => id)).size).toBe(50)
  expect(new Set(keys.map(({ key }) => key.slice(-43))).size).toBe(50)
})
