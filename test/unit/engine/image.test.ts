/** Images that are not what the compiler made: each is refused with a code, none crashes or decides. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { Header, LoadFault, Magic } from '../../../assembly/abi/image.ts'
import { Layout } from '../../../assembly/abi/memory.ts'
import { createRandom } from '../../../bench/random.ts'
import { loadCore } from '../../../bindings/embedded.ts'
import { writeChecksum } from '../../../src/compiler/checksum.ts'
import { Decider } from '../../../src/engine/decider.ts'
import { imageDigest } from '../../../src/engine/image-digest.ts'
import { createEngine } from '../../../src/engine/index.ts'
import { type Study, study } from '../../../src/engine/study.ts'
import type { AccessRequest } from '../../../src/engine/types.ts'
import { findWhyNot } from '../../../src/engine/why-not.ts'
import { isRequestError, SallyportError } from '../../../src/errors.ts'
import { actorPolicy, everyFeature, smallPolicy } from '../../support/policies.ts'

const module = await loadCore()
const small = (await createEngine({ policies: smallPolicy })).image.bytes
const actors = (await createEngine({ policies: actorPolicy })).image.bytes
const large = (await createEngine({ policies: everyFeature })).image.bytes

/** One instance for all tries: a refused image leaves nothing behind that the next try could meet. */
const instance = new WebAssembly.Instance(module).exports as {
  readonly memory: WebAssembly.Memory
  readonly loadImage: (length: number) => number
}
instance.memory.grow(4)

function load(image: Uint8Array): number {
  new Uint8Array(instance.memory.buffer).set(image, Layout.ImageBase)
  return instance.loadImage(image.length)
}

const PARTS = {
  subject: {
    type: 'user',
    id: 'alice',
    properties: { roles: ['admin'], zone: 'eu', tags: ['a', 'b'], trust_updated_at: 0 },
    on_behalf_of: { type: 'user', id: 'bob', properties: { trust_score: 700, trust_updated_at: 0, name: 'ALICE' } },
  },
  state: { task: { tags: ['a', 'B'] } },
  resource: {
    type: 'doc',
    id: 'doc-1',
    properties: {
      zone: 'eu',
      status: 'open',
      version: '1.2.3',
      created: '2026-01-02T03:04:05Z',
      expires: 1767225600000,
    },
  },
  context: { ip: '10.1.2.3', amount: 5, name: 'aab', items: [{ price: 3 }, { price: 9 }], allowed: ['a'] },
}
const ACTIONS = ['doc:read', 'doc:write', 'ssh', 'deploy', 'call', 'buy', 'special:x', 'read', 'write']
/** One of a subject whose entity holds roles on some resources, and one in a session. */
const EVE: AccessRequest = { ...PARTS, subject: { type: 'user', id: 'eve' }, action: { name: 'doc:read' } }
const REQUESTS: AccessRequest[] = [
  ...ACTIONS.map((name) => ({ ...PARTS, action: { name } })),
  EVE,
  { ...EVE, state: { session: { roles: ['editor', 'auditor'] } } },
]

describe('damage', () => {
  test('both images load as they are', () => {
    expect(load(small)).toBe(LoadFault.None)
    expect(load(large)).toBe(LoadFault.None)
  })

  test('every corruption of every single byte of a small image is refused', () => {
    const image = small.slice()
    const taken: string[] = []
    for (let i = 0; i < image.length; i++) {
      const byte = image[i] ?? 0
      for (let change = 1; change < 256; change++) {
        image[i] = byte ^ change
        if (load(image) === LoadFault.None) taken.push(`byte ${i}: ${byte} → ${byte ^ change}`)
      }
      image[i] = byte
    }
    expect(taken).toEqual([])
  }, 300_000)

  test('100,000 random corruptions of a larger image are refused', () => {
    const below = createRandom(1).integer
    let taken = 0
    for (let run = 0; run < 100_000; run++) {
      const image = large.slice()
      for (let changes = below(8); changes >= 0; changes--) image[below(image.length)] = below(256)
      // A change to the same value is none.
      if (load(image) === LoadFault.None && !sameBytes(image, large)) taken++
    }
    expect(taken).toBe(0)
  }, 300_000)

  test('every truncation is refused', () => {
    for (let length = 0; length < large.length; length++) {
      expect(load(large.subarray(0, length)), `${length} bytes`).not.toBe(LoadFault.None)
    }
  })

  test('foreign bytes are refused with a code', async () => {
    const other = small.slice()
    new Uint32Array(other.buffer)[Header.Version] = Magic.Version + 1
    writeChecksum(new Uint32Array(other.buffer))
    for (const image of [new Uint8Array(0), new Uint8Array(4096), new TextEncoder().encode('{"version":1}'), other]) {
      await expect(createEngine({ image })).rejects.toMatchObject({ code: 'E_IMAGE' })
    }
  })
})

describe('identity', () => {
  test('the id is the SHA-256 of the bytes, whatever their length', async () => {
    const rests = new Set<number>()
    for (let rules = 0; rules < 12; rules++) {
      const ids = Array.from({ length: rules }, (_, i) => `rule-${i}-${'x'.repeat(i)}`)
      const engine = await createEngine({ policies: { version: 1, rules: ids.map((id) => ({ id, allow: id })) } })
      const { id, bytes } = engine.image
      rests.add(bytes.length % 64)
      expect(id).toBe(createHash('sha256').update(bytes).digest('hex'))
    }
    expect([...rests].sort((a, b) => a - b)).toEqual([0, 16, 32, 48])
  })

  test('decisions know it when other policies are in force', async () => {
    const engine = await createEngine({ image: small })
    const decision = engine.evaluate(EVE)
    const denial = engine.evaluate({ ...EVE, action: { name: 'nothing' } })
    const before = createHash('sha256').update(small).digest('hex')
    await engine.replacePolicies(actorPolicy)
    expect(engine.image.id).not.toBe(before)
    expect([decision.imageId, denial.imageId]).toEqual([before, before])
    expect(JSON.parse(JSON.stringify(denial))).toMatchObject({ code: 'no_match', imageId: before })
    expect(decision.reason).toEqual(expect.any(String))
  })

  test('who gave the bytes may use them again', async () => {
    const given = small.slice()
    const engine = await createEngine({ image: given })
    given.fill(0)
    expect(engine.image.bytes).toEqual(small)
  })
})

describe('an image made on purpose, with a good checksum', () => {
  /** Loads and decides; what it must never do is fault in the core or throw anything but a code. */
  function decideAll(image: Uint8Array): 'refused' | 'decided' {
    // A core of its own takes long to make, and most images go no further than this.
    if (load(image) !== LoadFault.None) return 'refused'
    let decider: Decider
    try {
      decider = new Decider(module, image, imageDigest)
    } catch (error) {
      if (error instanceof SallyportError && error.code === 'E_IMAGE') return 'refused'
      throw error
    }
    for (const request of REQUESTS) {
      const decision = decider.evaluate(request, 1767686400000, undefined)
      if (decision.code === 'trap') throw new Error('the core trapped')
      answer(decider, request)
      tellWhy(decider, request)
    }
    return 'decided'
  }

  /** By the paths and texts of the image; a body that they make none of is refused. */
  function answer(decider: Decider, request: AccessRequest): void {
    try {
      const reply = decider.evaluateJson(
        new TextEncoder().encode(JSON.stringify(request)),
        1767686400000,
        undefined,
        undefined,
      )
      if (new TextDecoder().decode(reply).includes('"trap"')) throw new Error('the core trapped')
    } catch (error) {
      if (!(error instanceof SallyportError && isRequestError(error))) throw error
    }
  }

  /** Reads conditions and targets back from the image; texts that are no JSON are told of. */
  function tellWhy(decider: Decider, request: AccessRequest): void {
    try {
      const found = (lent: Study) => (lent.decision.decision ? lent : findWhyNot(lent, 3))
      const { decision } = study(decider, request, 1767686400000, undefined, found, (decision) => ({ decision }))
      if (decision.code === 'trap') throw new Error('the core trapped, or reading failed')
    } catch (error) {
      if (!(error instanceof SallyportError && error.code === 'E_IMAGE')) throw error
    }
  }

  test.each([
    ['small', small],
    ['larger', large],
    ['third', actors],
  ])(
    'random words in a %s image never fault',
    (_, original) => {
      const below = createRandom(2).integer
      const outcomes = { refused: 0, decided: 0 }
      for (let run = 0; run < 10_000; run++) {
        const image = original.slice()
        const words = new Uint32Array(image.buffer)
        for (let changes = below(3); changes >= 0; changes--) {
          const at = below(words.length)
          words[at] = STRANGE[below(STRANGE.length)]?.(words[at] ?? 0, below) ?? 0
        }
        words[Header.Magic] = new Uint32Array(original.buffer)[Header.Magic] ?? 0
        writeChecksum(words)
        outcomes[decideAll(image)]++
      }
      // Both happen, or the test would show nothing.
      expect(outcomes.refused).toBeGreaterThan(1000)
      expect(outcomes.decided).toBeGreaterThan(1000)
    },
    300_000,
  )
})

const STRANGE: readonly ((word: number, below: (n: number) => number) => number)[] = [
  () => 0,
  () => 0xffffffff,
  (word) => word + 1,
  (word) => word - 1,
  (word) => word + 16,
  (word) => word ^ 0x80000000,
  (word, below) => word ^ (1 << below(32)),
  (_, below) => below(2 ** 32),
  (_, below) => Layout.ImageBase + below(8192),
]

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i])
}
