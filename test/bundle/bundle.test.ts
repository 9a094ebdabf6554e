/** Building, signing and opening; nothing that was changed on the way is taken. */

import { gunzipSync, gzipSync } from 'node:zlib'
import { createTar } from 'nanotar'
import { beforeAll, describe, expect, test } from 'vitest'
import { packArchive } from '../../src/bundle/archive.ts'
import { buildBundle, openBundle, signBundle } from '../../src/bundle/index.ts'
import { isFileName, writeManifest } from '../../src/bundle/manifest.ts'
import { imageOf, newKey, unpack } from './support.ts'

const key = await newKey()
const other = await newKey()
const trust = { keys: [key.open] }
let images: Map<string, Uint8Array>
beforeAll(async () => {
  images = new Map([
    ['globex', await imageOf('globex')],
    ['acme', await imageOf('acme')],
  ])
})
const text = (value: string) => new TextEncoder().encode(value)
const files = [{ name: 'policies/acme.yaml', data: text('version: 1\n') }]
const build = (revision = 1) => buildBundle({ name: 'prod', revision, images, files }, key.secret)

test('holds what went in, and its image ids', async () => {
  const bundle = await openBundle(await build(), trust)
  expect(bundle.manifest).toMatchObject({
    name: 'prod',
    revision: 1,
    tenants: [{ tenant: 'acme' }, { tenant: 'globex' }],
  })
  expect(new Map(bundle.images)).toEqual(images)
  expect(new TextDecoder().decode(bundle.files.get('policies/acme.yaml'))).toBe('version: 1\n')
  expect(bundle.id).toMatch(/^[0-9a-f]{64}$/)
})

test('the same parts are the same content, another part is another', async () => {
  const [one, two, three] = await Promise.all([build(), build(), build(2)])
  const ids = await Promise.all([one, two, three].map(async (bytes) => (await openBundle(bytes, trust)).id))
  expect(ids[0]).toBe(ids[1])
  expect(ids[0]).not.toBe(ids[2])
})

test('any tar can list it', async () => {
  const { execFileSync } = await import('node:child_process')
  const listed = execFileSync('tar', ['-tzf', '-'], { input: await build(), encoding: 'utf8' })
  expect(listed.trim().split('\n')).toEqual([
    'manifest.json',
    'manifest.jws',
    'images/0.image',
    'images/1.image',
    'files/policies/acme.yaml',
  ])
})

describe('signatures', () => {
  test.each(['EdDSA', 'ES256', 'PS256'])('%s', async (alg) => {
    const { secret, open } = await newKey(alg)
    const bundle = await buildBundle({ name: 'prod', revision: 1, images }, secret)
    expect((await openBundle(bundle, { keys: [other.open, open] })).manifest.name).toBe('prod')
    await expect(openBundle(bundle, { keys: [other.open] })).rejects.toThrow(/no trusted key/)
    await expect(openBundle(bundle, { keys: [] })).rejects.toThrow(/no trusted key/)
  })

  test('an unsigned one is taken only where that was asked for, and can be signed later', async () => {
    const bare = await buildBundle({ name: 'prod', revision: 1, images })
    await expect(openBundle(bare, trust)).rejects.toThrow('not signed')
    const { id } = await openBundle(bare, 'unsigned')
    expect((await openBundle(await signBundle(bare, key.secret), trust)).id).toBe(id)
    const again = await signBundle(await build(), other.secret)
    await expect(openBundle(again, trust)).rejects.toThrow(/no trusted key/)
  })

  test('keys that cannot do are refused when they are used', async () => {
    const sign = (jwk: object) => buildBundle({ name: 'prod', revision: 1, images }, jwk)
    await expect(sign(key.open)).rejects.toMatchObject({ code: 'E_USAGE', message: /private key/ })
    await expect(sign({ ...key.secret, alg: undefined })).rejects.toMatchObject({ code: 'E_USAGE' })
    for (const d of ['AA', 5, null])
      await expect(sign({ ...key.secret, d })).rejects.toMatchObject({ code: 'E_USAGE', message: /no whole key/ })
    await expect(sign({ kty: 'oct', k: 'c2VjcmV0', alg: 'HS256', d: 'x' })).rejects.toMatchObject({ code: 'E_USAGE' })
  })

  test('a token of another kind, or one without a signature, is none', async () => {
    const parts = unpack(await build())
    const withSignature = (signature: object) =>
      packArchive(
        parts.map((one) => (one.name === 'manifest.jws' ? { ...one, data: text(JSON.stringify(signature)) } : one)),
      )
    const header = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const { FlattenedSign, importJWK } = await import('jose')
    const manifest = parts[0]?.data ?? new Uint8Array()
    const jwt = await new FlattenedSign(manifest)
      .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT' })
      .sign(await importJWK(key.secret, 'EdDSA'))
    for (const signature of [
      { protected: jwt.protected, signature: jwt.signature },
      { protected: header({ alg: 'none' }), signature: '' },
      {},
      [],
    ]) {
      await expect(openBundle(await withSignature(signature), trust)).rejects.toThrow(/no trusted key/)
    }
  })
})

describe('a changed one is refused', () => {
  const change = async (edit: (parts: { name: string; data: Uint8Array }[]) => void) => {
    const parts = unpack(await build()).map((one) => ({ ...one }))
    edit(parts)
    return packArchive(parts)
  }

  test.each<[string, (parts: { name: string; data: Uint8Array }[]) => void]>([
    ['an image', (parts) => void parts[2]?.data.fill(7, 100, 101)],
    [
      'images that changed places',
      (parts) => {
        const [one, two] = [parts[2]!.data, parts[3]!.data]
        parts[2]!.data = two
        parts[3]!.data = one
      },
    ],
    ['a text', (parts) => void parts.splice(4, 1, { name: 'files/policies/acme.yaml', data: text('version: 2\n') })],
    ['a file less', (parts) => void parts.splice(3, 1)],
    ['a file more', (parts) => void parts.push({ name: 'files/more', data: text('x') })],
    ['a file twice', (parts) => void parts.push(parts[2]!)],
    ['no manifest', (parts) => void parts.shift()],
    [
      'another manifest',
      (parts) => {
        const changed = new TextDecoder().decode(parts[0]!.data).replace('"revision": 1', '"revision": 9')
        parts[0]!.data = text(changed)
      },
    ],
  ])('%s', async (_, edit) => {
    await expect(openBundle(await change(edit), trust)).rejects.toMatchObject({ code: 'E_BUNDLE' })
  })

  test('every flipped byte, or nothing of what is decided from is another', async () => {
    const bytes = await build()
    const { id, images: whole } = await openBundle(bytes, trust)
    for (let at = 0; at < bytes.length; at += 7) {
      const flipped = new Uint8Array(bytes)
      flipped[at]! ^= 1 << (at & 7)
      const opened = await openBundle(flipped, trust).catch((error: { code?: string }) => error.code)
      if (typeof opened === 'string') expect(opened).toBe('E_BUNDLE')
      else expect([opened?.id, opened?.images]).toEqual([id, whole])
    }
  })

  test('half of one, another archive, a bomb', async () => {
    const bytes = await build()
    const link = createTar([{ name: 'manifest.json', data: '{}' }])
    link[156] = 0x32
    for (const broken of [
      bytes.slice(0, bytes.length / 2),
      text('hello'),
      new Uint8Array(),
      gzipSync(text('no tar')),
      gzipSync(link),
    ]) {
      await expect(openBundle(new Uint8Array(broken), trust)).rejects.toMatchObject({ code: 'E_BUNDLE' })
    }
    const bomb = gzipSync(Buffer.alloc(300 << 20))
    await expect(openBundle(new Uint8Array(bomb), trust)).rejects.toThrow(/larger than/)
    expect(gunzipSync(bytes).length).toBeGreaterThan(bytes.length)
  }, 60_000)
})

describe('what comes first is judged before the rest is unpacked', () => {
  const zeros = '0'.repeat(64)
  const header = createTar([{ name: 'x', data: new Uint8Array(1) }]).slice(0, 512)
  header.set(text('00000000000'), 124)
  const headers = new Uint8Array(32 << 20)
  for (let at = 0; at < headers.length; at += 512) headers.set(header, at)
  const followedBy = async (more: Uint8Array) => gzipSync(Buffer.concat([gunzipSync(await build()), more]))
  const open = (bytes: Uint8Array) => openBundle(new Uint8Array(bytes), trust)

  test('of what a stranger signed, or nobody, no more is looked at', async () => {
    const image = crypto.getRandomValues(new Uint8Array(65_536))
    const large = new Map(Array.from({ length: 16 }, (_, i) => [`t${i}`, image]))
    for (const [secret, message] of [
      [other.secret, 'signed with another key'],
      [undefined, 'it is not signed'],
    ] as const) {
      const bytes = await buildBundle({ name: 'prod', revision: 1, images: large }, secret)
      await expect(open(bytes.slice(0, bytes.length - 1000))).rejects.toThrow(message)
    }
    await expect(open(gzipSync(headers).slice(0, -100))).rejects.toThrow('does not begin with its manifest')
  })

  test('a manifest or a signature that is too long', async () => {
    const long = { name: 'manifest.json', data: new Uint8Array((2 << 20) + 1) }
    await expect(open(await packArchive([long]))).rejects.toThrow('its manifest.json is larger than')
    const [manifest] = unpack(await build())
    const signature = { name: 'manifest.jws', data: new Uint8Array(65_537) }
    await expect(open(await packArchive([manifest!, signature]))).rejects.toThrow('its manifest.jws is larger than')
  })

  test('files that are larger than a bundle is, by what the manifest says', async () => {
    const listed = (bytes: number) => {
      const file = { name: 'images/0.image', bytes, sha256: zeros }
      const data = text(writeManifest({ name: 'prod', revision: 1, tenants: [], files: [file] }))
      return packArchive([{ name: 'manifest.json', data }])
    }
    await expect(openBundle(await listed((256 << 20) + 1), 'unsigned')).rejects.toThrow('larger than')
    await expect(openBundle(await listed(1), 'unsigned')).rejects.toThrow('images/0.image is missing')
    await expect(openBundle(await listed(-1), 'unsigned')).rejects.toThrow('does not say what images/0.image is')
  })

  test('what follows the last file is its end, and short', async () => {
    expect((await open(await followedBy(new Uint8Array(512_000)))).manifest.name).toBe('prod')
    await expect(open(await followedBy(new Uint8Array(2 << 20)))).rejects.toThrow('larger than its files need')
    await expect(open(await followedBy(headers))).rejects.toThrow('something follows its end')
  })

  test('one that is too large is not built', async () => {
    const image = new Uint8Array(16 << 20)
    const large = new Map(Array.from({ length: 17 }, (_, i) => [`t${i}`, image]))
    for (const parts of [{ images: large }, { images, created: 'x'.repeat(2 << 20) }]) {
      await expect(buildBundle({ name: 'x', revision: 1, ...parts })).rejects.toMatchObject({
        code: 'E_USAGE',
        message: expect.stringContaining('too large'),
      })
    }
  })
})

test('what is built can be opened, however long its files are', async () => {
  // One of these archives has no room for an end after its last file.
  for (let length = 0; length <= 10_240; length += 512) {
    const more = [
      { name: 'long', data: new Uint8Array(length).fill(1) },
      { name: 'empty', data: new Uint8Array() },
    ]
    const bundle = await openBundle(await buildBundle({ name: 'x', revision: 1, images, files: more }), 'unsigned')
    expect(new Map(bundle.files)).toEqual(new Map(more.map(({ name, data }) => [name, data])))
  }
})

test.each([
  ['a', true],
  ['a'.repeat(94), true],
  ['a'.repeat(101), false],
  ['a/b.c/d_e-f', true],
  ['../a', false],
  ['a/../b', false],
  ['/a', false],
  ['a//b', false],
  ['a/.', false],
  ['', false],
  ['a\\b', false],
  ['a b', false],
])('%j is a file of a bundle: %s', async (name, expected) => {
  expect(isFileName(name)).toBe(expected)
  if (expected) {
    const file = { name, data: text('x') }
    const bundle = await openBundle(await buildBundle({ name: 'x', revision: 1, images, files: [file] }), 'unsigned')
    expect([...bundle.files.keys()]).toEqual([name])
  }
  if (!expected)
    await expect(
      buildBundle({ name: 'x', revision: 1, images, files: [{ name, data: text('') }] }),
    ).rejects.toMatchObject({ code: 'E_USAGE' })
})

test.each([0, -1, 1.5, Number.NaN])('%d is no revision', async (revision) => {
  await expect(buildBundle({ name: 'x', revision, images })).rejects.toMatchObject({ code: 'E_USAGE' })
})
