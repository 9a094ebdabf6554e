/** What the core refuses of the sections that it reads JSON by: paths, texts of answers, texts of rules. */
import { describe, expect, test } from 'vitest'
import { Header, LoadFault, Section } from '../../../assembly/abi/image.ts'
import { FoldRun, PathFlag, PathKey, PathPart, PathSlot, PathSource, PathTable } from '../../../assembly/abi/json.ts'
import { Layout } from '../../../assembly/abi/memory.ts'
import { createEngine } from '../../../src/engine/index.ts'
import { craft, load, wordsOf } from './images.ts'

const { bytes } = (
  await createEngine({
    policies: {
      version: 1,
      rules: [
        { id: 'r', allow: 'read', when: { 'context.list[2].name': { eq: 'x', ignore_case: true } } },
        { id: 's', allow: 'read', when: { 'context.items': { any_matches: { 'item.price': { gt: 3 } } } } },
        { id: 't', allow: 'read', when: { 'chain.ancestors[1].properties.zone': 'eu' } },
      ],
    },
  })
).image

/** What the core says to the image after a change to its words; `start` is the first of the section's. */
function loadWith(section: Section, change: (words: Uint32Array, start: number) => void): LoadFault {
  return load(craft(bytes, (words) => change(words, wordsOf(section, words)[0])))
}

const original = new Uint32Array(bytes.slice().buffer)
const paths = (original[Header.Sections + Section.Paths * 2] ?? 0) >>> 2
const field = (name: PathTable) => original[paths + name] ?? 0
const nodes = PathTable.HeaderWords
const slots = nodes + field(PathTable.NodeCount) * 2
const parts = slots + (original[Header.SlotCount] ?? 0) * PathSlot.Words
const keys = parts + field(PathTable.PartCount) * PathPart.Words
const folds = keys + field(PathTable.KeyCount)
const strings = (original[Header.Sections + Section.StringOffsets * 2 + 1] ?? 0) / 4 - 1
const slot = slots + Layout.FixedSlots * PathSlot.Words

/** After one word of the paths was changed. */
const afterWord = (at: number, word: number) => loadWith(Section.Paths, (words, start) => (words[start + at] = word))

test('the image loads as it is', () => {
  expect(loadWith(Section.Paths, () => {})).toBe(LoadFault.None)
})

describe('paths', () => {
  test.each([
    ['a tenant', PathTable.Tenant, strings],
    ['a key of roles', PathTable.RoleKey, strings],
    ['another key of roles', PathTable.OnKey, 0xffffffff],
    ['more nodes', PathTable.NodeCount, field(PathTable.NodeCount) + 1],
    ['too few nodes', PathTable.NodeCount, 3],
    ['nodes beyond counting', PathTable.NodeCount, 0x80000000],
    ['more parts', PathTable.PartCount, field(PathTable.PartCount) + 1],
    ['more keys', PathTable.KeyCount, field(PathTable.KeyCount) + 1],
    ['fewer runs of folding', PathTable.FoldCount, field(PathTable.FoldCount) - 1],
    ['a node below itself', nodes + 2 * 5, 5],
    ['a node below a later one', nodes + 2 * 5, 6],
    ['an index in place of a name', nodes + 2 * 5 + 1, PathKey.Index],
    ['a key', nodes + 2 * 5 + 1, strings],
    ['the action from elsewhere', slots + PathSlot.Node, 2],
    ['the action as a number', slots + PathSlot.Source, PathSource.Now],
    ['the action with modifiers', slots + PathSlot.Source, PathSource.Node | (PathFlag.Time << 8)],
    ['a source', slot + PathSlot.Source, PathSource.Count],
    ['a node of a slot', slot + PathSlot.Node, field(PathTable.NodeCount)],
    ['a property of a slot', slot + PathSlot.Property, 0xffffffff],
    ['parts of a slot', slot + PathSlot.FirstPart, field(PathTable.PartCount)],
    ['too many parts', slot + PathSlot.PartCount, 257],
    ['keys of a slot', slot + PathSlot.KeyCount, field(PathTable.KeyCount) + 1],
    ['keys of a part', parts + PathPart.FirstKey, 0xfffffff0],
    ['a key of a part', keys, strings],
    ['a run that ends before it begins', folds + FoldRun.Last, 0],
    ['a run beyond Unicode', folds + FoldRun.Delta, 0x10ffff],
    ['a run to surrogates', folds + FoldRun.Delta, 0xd800 - 0x41],
    ['steps of a run', folds + FoldRun.Step, 0],
    ['runs out of order', folds + FoldRun.Words + FoldRun.First, 0],
  ])('%s', (_, at, word) => {
    expect(afterWord(at, word)).toBe(LoadFault.Paths)
  })
})

describe('texts', () => {
  test.each([
    ['more texts of answers', Section.Replies, 0, 0xfffffff],
    ['an answer past the section', Section.Replies, 3, 0xffffff],
    ['a rule’s text past the section', Section.RuleTextOffsets, 1, 0xffffff],
    ['rules’ texts out of order', Section.RuleTextOffsets, 0, 0xfff],
  ])('%s', (_, section, at, word) => {
    expect(loadWith(section, (words, start) => (words[start + at] = word))).toBe(LoadFault.Paths)
  })
})
