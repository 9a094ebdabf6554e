/** What is refused of images whose conditions read more of a list's items than is written of them. */
import { describe, expect, test } from 'vitest'
import { CelOp } from '../../../assembly/abi/cel.ts'
import { Op, Operand } from '../../../assembly/abi/condition.ts'
import { Tag } from '../../../assembly/abi/frame.ts'
import { Header, LoadFault, Section } from '../../../assembly/abi/image.ts'
import { PathSlot, PathTable } from '../../../assembly/abi/json.ts'
import { Layout } from '../../../assembly/abi/memory.ts'
import { TrustNode } from '../../../assembly/abi/trust.ts'
import { createEngine } from '../../../src/engine/index.ts'
import type { PolicyDocument } from '../../../src/policy/document.ts'
import { craft, load, wordsOf } from './images.ts'

const policies: PolicyDocument = {
  version: 1,
  trust: { scale: 1 },
  entities: {
    subjects: [{ type: 'user', id: 'ann', roles: ['a', { role: 'b', on: 'doc' }] }],
    resources: [{ type: 'doc', id: 'd1', properties: { parts: [{ price: 1 }, { price: 2 }] } }],
  },
  rules: [
    { id: 'request', allow: 'read', when: { 'context.items': { any_matches: { 'item.price': { gt: 3 } } } } },
    { id: 'entity', allow: 'read', when: { 'resource.parts': { all_match: { 'item.price': { gt: 3 } } } } },
    { id: 'roles', allow: 'read', when: { 'subject.roles': { none_match: { 'item.name': { starts_with: 'x' } } } } },
    { id: 'cel', allow: 'read', when: { cel: 'context.things.exists_one(t, t.name == "x")' } },
    { id: 'trust', allow: 'read', when: { trust: { min: 0.5, over: 'all' } } },
  ],
}
const { bytes } = (await createEngine({ policies })).image

/** Where in a section the words from here on are those that the test asks for; exactly one place. */
function placeOf(section: Section, words: Uint32Array, fits: (at: number) => boolean): number {
  const [start, end] = wordsOf(section, words)
  const places: number[] = []
  for (let at = start; at < end; at++) if (fits(at)) places.push(at)
  expect(places).toHaveLength(1)
  return places[0] ?? 0
}

const original = new Uint32Array(bytes.slice().buffer)
const specs = (
  JSON.parse(new TextDecoder().decode(sectionOf(Section.Metadata))) as {
    readonly slots: readonly { readonly root: string; readonly keys: readonly string[] }[]
  }
).slots

function sectionOf(section: Section): Uint8Array {
  const [start, end] = [original[Header.Sections + section * 2] ?? 0, original[Header.Sections + section * 2 + 1] ?? 0]
  return bytes.subarray(start, start + end)
}

function slotOf(path: string): number {
  const slot = specs.findIndex(({ root, keys }) => [root, ...keys].join('.') === path)
  expect(slot).toBeGreaterThan(-1)
  return slot
}

/** The word in a condition that reads the price or name of the items of a list. */
function operandPlace(path: string): number {
  const list = (slotOf(path) * Layout.CellSize) | Operand.Frame
  const items = placeOf(
    Section.Conditions,
    original,
    (at) => (original[at] ?? 0) % 256 === Op.Items && original[at + 1] === list,
  )
  // After the operation, the list and the quantifier, the child: its operation, and what it reads.
  const place = items + 4
  expect(original[place]).toBe(Layout.CellSize | Operand.Item)
  return place
}

function partCountPlace(path: string): number {
  const [start] = wordsOf(Section.Paths, original)
  const nodes = (original[start + PathTable.NodeCount] ?? 0) * PathTable.NodeWords
  const place = start + PathTable.HeaderWords + nodes + slotOf(path) * PathSlot.Words + PathSlot.PartCount
  expect(original[place]).toBe(2)
  return place
}

test('the image loads as it is', async () => {
  expect(load(craft(bytes, () => {}))).toBe(LoadFault.None)
  await createEngine({ image: craft(bytes, () => {}) })
})

describe('a condition reads a part that is not written', () => {
  test.each(['context.items', 'resource.parts', 'subject.roles'])('of %s', async (path) => {
    for (const part of [2, 3, 255]) {
      const image = craft(bytes, (words) => (words[operandPlace(path)] = (part * Layout.CellSize) | Operand.Item))
      // Entities are looked at before paths.
      expect(load(image)).toBe(path === 'context.items' ? LoadFault.Paths : LoadFault.Entities)
      await expect(createEngine({ image })).rejects.toMatchObject({ code: 'E_IMAGE' })
    }
  })

  test('in an expression', () => {
    const place = placeOf(Section.Expressions, original, (at) => original[at] === (CelOp.ItemPart | (3 << 8)))
    for (const part of [2, 3, 255]) {
      expect(load(craft(bytes, (words) => (words[place + 2] = part * Layout.CellSize)))).toBe(LoadFault.Paths)
    }
  })

  test('of delegators, for their trust', () => {
    const head = Op.Trust | (TrustNode.Words << 8)
    const place = placeOf(Section.Conditions, original, (at) => original[at] === head) + TrustNode.ItemScore
    expect(original[place]).toBe(Layout.CellSize | Operand.Item)
    for (const part of [2, 3, 255]) {
      const image = craft(bytes, (words) => (words[place] = (part * Layout.CellSize) | Operand.Item))
      expect(load(image)).toBe(LoadFault.Paths)
    }
  })
})

describe('less is written than conditions read', () => {
  test.each(['context.items', 'context.things', 'chain.ancestors', 'subject.roles'])('by the paths, of %s', (path) => {
    for (const count of [0, 1]) {
      expect(load(craft(bytes, (words) => (words[partCountPlace(path)] = count)))).toBe(LoadFault.Paths)
    }
  })

  test('by an entity', () => {
    const stride = 2 * Layout.CellSize
    const list = placeOf(Section.Cells, original, (at) => original[at] === Tag.List && original[at + 3] === stride)
    expect(load(craft(bytes, (words) => (words[list + 3] = Layout.CellSize)))).toBe(LoadFault.Entities)
  })

  test('by roles that an entity holds on some resources', () => {
    const stride = 4 * Layout.CellSize
    const list = placeOf(
      Section.Cells,
      original,
      (at) => original[at] === Tag.ScopedRoles && original[at + 3] === stride,
    )
    expect(load(craft(bytes, (words) => (words[list + 3] = 3 * Layout.CellSize)))).toBe(LoadFault.Entities)
  })

  test('by the host, for what the metadata says', async () => {
    // Of the same length as JSON, so that nothing else changes.
    const price = ',{"keys":["price"],"text":false,"identity":false}'
    const at = Buffer.from(bytes).indexOf(price)
    expect(at).toBeGreaterThan(-1)
    const image = craft(bytes, (words) => new Uint8Array(words.buffer).fill(0x20, at, at + price.length))
    // The core does not look at it.
    expect(load(image)).toBe(LoadFault.None)
    await expect(createEngine({ image })).rejects.toMatchObject({ code: 'E_IMAGE' })
  })
})
