/** Following a source: the last good bundle stays, older ones are refused, and what is too old denies. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  type BundleSource,
  buildBundle,
  createBundleLoader,
  httpSource,
  kvSource,
  r2Source,
} from '../../src/bundle/index.ts'
import { ask, imageOf, newKey } from './support.ts'

const key = await newKey()
const trust = { keys: [key.open] }
const make = async (revision: number, action = 'read', name = 'prod', tenant = 'acme') =>
  buildBundle({ name, revision, images: new Map([[tenant, await imageOf(tenant, action)]]) }, key.secret)

const text = (value: string) => new TextEncoder().encode(value)

/** A source whose content the test sets; a text is what it fails with. */
function settable(first: Uint8Array<ArrayBuffer>) {
  const state = { now: first as Uint8Array<ArrayBuffer> | string, reads: 0 }
  const source: BundleSource = {
    async read(tag) {
      state.reads++
      if (typeof state.now === 'string') throw new Error(state.now)
      const own = String(state.now.length) + state.now[state.now.length - 8]
      return tag === own ? undefined : { bytes: state.now, tag: own }
    },
  }
  return { state, source }
}

describe('a loader', () => {
  test('puts what is new in force, and keeps it when the source fails or sends what is bad', async () => {
    const { state, source } = settable(await make(3))
    const loader = createBundleLoader({ source, trust, now: () => 0 })
    expect(loader.engines.size).toBe(0)
    expect(await loader.refresh()).toBe(true)
    expect(await loader.refresh()).toBe(false)
    const engine = loader.engines.get('acme')
    expect(engine?.evaluate(ask()).decision).toBe(true)
    state.now = 'gone'
    await expect(loader.refresh()).rejects.toThrow('gone')
    const stranger = await newKey()
    state.now = await buildBundle({ name: 'prod', revision: 9, images: new Map() }, stranger.secret)
    await expect(loader.refresh()).rejects.toMatchObject({ code: 'E_BUNDLE' })
    expect(loader.engines.get('acme')).toBe(engine)
    state.now = await make(4, 'write')
    expect(await loader.refresh()).toBe(true)
    expect(loader.engines.get('acme')?.evaluate(ask('write')).decision).toBe(true)
    expect(loader.bundle?.manifest.revision).toBe(4)
  })

  test.each<[string, [number, string, string?]]>([
    ['an older revision', [2, 'read']],
    ['another content of the same revision', [3, 'write']],
    ['another line of bundles', [4, 'read', 'test']],
  ])('refuses %s', async (_, parts) => {
    const { state, source } = settable(await make(3))
    const loader = createBundleLoader({ source, trust, now: () => 0 })
    await loader.refresh()
    state.now = await make(...parts)
    await expect(loader.refresh()).rejects.toMatchObject({ code: 'E_BUNDLE_ROLLBACK' })
    expect(loader.bundle?.manifest.revision).toBe(3)
  })

  test('refuses what is below a revision that was seen before it started', async () => {
    const { source } = settable(await make(3))
    const loader = createBundleLoader({ source, trust, now: () => 0, atLeast: 4 })
    await expect(loader.refresh()).rejects.toMatchObject({ code: 'E_BUNDLE_ROLLBACK' })
    expect(loader.engines.size).toBe(0)
  })

  test('takes tenants away that a later bundle lacks, and refuses an image of another tenant', async () => {
    const { state, source } = settable(await make(1))
    const loader = createBundleLoader({ source, trust, now: () => 0 })
    await loader.refresh()
    state.now = await make(2, 'read', 'prod', 'globex')
    await loader.refresh()
    expect([...loader.engines.keys()]).toEqual(['globex'])
    state.now = await buildBundle(
      { name: 'prod', revision: 3, images: new Map([['globex', await imageOf('acme')]]) },
      key.secret,
    )
    await expect(loader.refresh()).rejects.toThrow('of another tenant')
    expect([...loader.engines.keys()]).toEqual(['globex'])
  })

  test('denies when the source was not heard for too long, and decides again when it is', async () => {
    let time = 1_000
    const { state, source } = settable(await make(1))
    const loader = createBundleLoader({ source, trust, now: () => time, maxAge: 500 })
    expect(loader.isStale()).toBe(true)
    await loader.refresh()
    const engine = loader.engines.get('acme')!
    const codes = () => [
      engine.evaluate(ask()).code,
      engine.evaluateMany([ask()])[0]?.code,
      engine.explain(ask()).decision.code,
    ]
    time = 1_500
    expect(codes()).toEqual(['matched', 'matched', 'matched'])
    time = 1_501
    expect(codes()).toEqual(['stale_policies', 'stale_policies', 'stale_policies'])
    expect(engine.evaluate(ask())).toMatchObject({ decision: false, status: 'deny' })
    expect(engine.whyNot(ask()).decision.code).toBe('stale_policies')
    state.now = 'gone'
    await expect(loader.refresh()).rejects.toThrow()
    expect(loader.isStale()).toBe(true)
    state.now = await make(1)
    await loader.refresh()
    expect(codes()[0]).toBe('matched')
    await expect(engine.replacePolicies('version: 1')).rejects.toMatchObject({ code: 'E_USAGE' })
  })

  test('is silent for too long from when the clock goes back until the source is heard', async () => {
    let time = 1e12
    const { state, source } = settable(await make(1))
    const loader = createBundleLoader({ source, trust, now: () => time, maxAge: 3_600_000 })
    const lasting = createBundleLoader({ source, trust, now: () => time })
    await Promise.all([loader.refresh(), lasting.refresh()])
    const heard = [time, time]
    expect([loader.heard, lasting.heard]).toEqual(heard)
    state.now = 'gone'
    time += 3_000_000
    expect(loader.isStale()).toBe(false)
    // By less than the age that it has: the age that the clock shows grows from here, and is too small.
    for (const back of [600_000, 86_400_000]) {
      time -= back
      expect([loader.isStale(), lasting.isStale()]).toEqual([true, false])
      time += 1
      expect([loader.isStale(), lasting.isStale()]).toEqual([true, false])
    }
    await expect(loader.refresh()).rejects.toThrow('gone')
    expect([loader.isStale(), loader.heard]).toEqual([true, 1e12])
    state.now = await make(1)
    await loader.refresh()
    expect([loader.isStale(), loader.heard]).toEqual([false, time])
    time += 3_600_001
    expect(loader.isStale()).toBe(true)
  })

  test('has not heard the source when the clock goes back between question and answer', async () => {
    let time = 1_000_000
    const bytes = await make(1)
    const read = async () => {
      time -= 1_000
      expect(loader.isStale()).toBe(true)
      return { bytes, tag: undefined }
    }
    const loader = createBundleLoader({ source: { read }, trust, now: () => time, maxAge: 5_000 })
    await loader.refresh()
    time += 2_000
    expect(loader.isStale()).toBe(true)
  })

  test('does not look at the same bytes again that it has refused, and says so all the same', async () => {
    const stranger = await newKey()
    const image = new Map([['acme', text('no image')]])
    const bad = [
      [await buildBundle({ name: 'prod', revision: 9, images: new Map() }, stranger.secret), 'E_BUNDLE'],
      [await make(1), 'E_BUNDLE_ROLLBACK'],
      [await buildBundle({ name: 'prod', revision: 9, images: image }, key.secret), 'E_IMAGE'],
    ] as const
    let now: { bytes: Uint8Array<ArrayBuffer>; tag: string | undefined } = { bytes: await make(3), tag: 'good' }
    const asked: (string | undefined)[] = []
    let conditional = true
    const source: BundleSource = {
      read: async (tag) => {
        asked.push(tag)
        return conditional && tag === now.tag ? undefined : { ...now }
      },
    }
    const loader = createBundleLoader({ source, trust, now: () => 0 })
    await loader.refresh()
    for (const [bytes, code] of bad) {
      now = { bytes, tag: code }
      const first = await loader.refresh().catch((error: unknown) => error)
      expect(first).toMatchObject({ code })
      // What was looked at would be a failure of its own.
      await expect(loader.refresh()).rejects.toBe(first)
      conditional = false
      await expect(loader.refresh()).rejects.toBe(first)
      conditional = true
    }
    expect(asked.slice(-3)).toEqual(['E_BUNDLE_ROLLBACK', 'E_IMAGE', 'E_IMAGE'])
    now = { bytes: bad[0][0], tag: undefined }
    await expect(loader.refresh()).rejects.toMatchObject({ code: 'E_BUNDLE' })
    now = { bytes: await make(3), tag: 'good' }
    expect(await loader.refresh()).toBe(false)
    expect(await loader.refresh()).toBe(false)
    now = { bytes: await make(4), tag: 'better' }
    expect(await loader.refresh()).toBe(true)
    expect(asked.slice(-4)).toEqual(['E_IMAGE', 'good', 'good', 'good'])
  })

  test('tries again what failed for another reason than its bytes', async () => {
    const { source } = settable(await make(1))
    const loader = createBundleLoader({ source, trust: 'unsigned', now: () => 0 })
    const digest = vi.spyOn(crypto.subtle, 'digest').mockRejectedValueOnce(new Error('busy'))
    await expect(loader.refresh()).rejects.toThrow('busy')
    digest.mockRestore()
    expect(await loader.refresh()).toBe(true)
  })

  test('asks once for all who wait', async () => {
    const { state, source } = settable(await make(1))
    const loader = createBundleLoader({ source, trust, now: () => 0 })
    expect(await Promise.all([loader.refresh(), loader.refresh(), loader.refresh()])).toEqual([true, true, true])
    expect(state.reads).toBe(1)
  })
})

describe('sources', () => {
  const closing: (() => void)[] = []
  afterEach(() => {
    for (const close of closing.splice(0)) close()
  })

  async function served(bytes: Uint8Array, status = 200) {
    const seen: (string | undefined)[] = []
    const server = createServer(({ headers }, response) => {
      seen.push(headers['if-none-match'])
      if (headers['if-none-match'] === '"v1"') response.writeHead(304).end()
      else response.writeHead(status, { ETag: '"v1"' }).end(bytes)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.push(() => server.close())
    return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/prod.bundle` }
  }

  test('HTTP, with an entity tag', async () => {
    const { url, seen } = await served(await make(1))
    const loader = createBundleLoader({ source: httpSource(url), trust, now: () => 0 })
    expect(await loader.refresh()).toBe(true)
    expect(await loader.refresh()).toBe(false)
    expect(seen).toEqual([undefined, '"v1"'])
  })

  test('HTTP that fails, is too long, or goes without TLS', async () => {
    const read = async (status: number, options = {}) =>
      httpSource((await served(new Uint8Array(100), status)).url, options).read(undefined)
    await expect(read(404)).rejects.toMatchObject({ code: 'E_BUNDLE_SOURCE', message: /HTTP 404/ })
    await expect(read(302)).rejects.toMatchObject({ code: 'E_BUNDLE_SOURCE' })
    await expect(read(200, { maxBytes: 99 })).rejects.toThrow(/longer than 99/)
    await expect(httpSource('http://127.0.0.1:9').read(undefined)).rejects.toMatchObject({ code: 'E_BUNDLE_SOURCE' })
    expect(() => httpSource('http://bundles.example/prod')).toThrow(/must begin with https/)
  })

  test('what R2 and KV hold, as their types have it', async () => {
    const bytes = await make(1)
    const bucket = {
      get: async (key: string, { onlyIf }: { onlyIf: { etagDoesNotMatch?: string } }) => {
        if (key !== 'prod') return null
        return onlyIf.etagDoesNotMatch === 'e1' ? { etag: 'e1' } : { etag: 'e1', arrayBuffer: async () => bytes.buffer }
      },
    }
    expect((await r2Source(bucket, 'prod').read(undefined))?.tag).toBe('e1')
    expect(await r2Source(bucket, 'prod').read('e1')).toBeUndefined()
    await expect(r2Source(bucket, 'other').read(undefined)).rejects.toMatchObject({ code: 'E_BUNDLE_SOURCE' })
    const kv = { get: async (key: string) => (key === 'prod' ? bytes.buffer : null) }
    expect((await kvSource(kv, 'prod').read(undefined))?.bytes).toEqual(bytes)
    await expect(kvSource(kv, 'other').read(undefined)).rejects.toMatchObject({ code: 'E_BUNDLE_SOURCE' })
  })
})
