/** Images whose zones, schedules and nodes about time were changed on purpose: refused, or at least without fault. */
import { expect, test } from 'vitest'
import { Op } from '../../../assembly/abi/condition.ts'
import { Header, Section } from '../../../assembly/abi/image.ts'
import { Layout } from '../../../assembly/abi/memory.ts'
import { Schedule, ZoneTable } from '../../../assembly/abi/time.ts'
import { createRandom } from '../../../bench/random.ts'
import { loadCore } from '../../../bindings/embedded.ts'
import { writeChecksum } from '../../../src/compiler/checksum.ts'
import { Decider } from '../../../src/engine/decider.ts'
import { imageDigest } from '../../../src/engine/image-digest.ts'
import { createEngine } from '../../../src/engine/index.ts'
import { SallyportError } from '../../../src/errors.ts'

const module = await loadCore()
const original = (
  await createEngine({
    policies: {
      version: 1,
      rules: [
        {
          id: 'hours',
          deny: 'read',
          during: {
            from: 0,
            until: 4e12,
            days: 'mon-fri',
            hours: ['09:00-17:00', '22:00-06:00'],
            dates: ['2020-01-01/2030-01-01', '12-24/01-02'],
            except: '2026-01-01',
            zone: 'Asia/Pyongyang',
          },
        },
        {
          id: 'age',
          deny: 'read',
          when: { 'resource.a': { within: { duration: 'P1Y2M3DT4H', zone: 'Pacific/Apia' }, before: { ref: 'now' } } },
        },
      ],
    },
  })
).image.bytes

const words = new Uint32Array(original.slice().buffer)
/** The index of a section's first word, and how many it has. */
const placeOf = (section: Section) =>
  [words[Header.Sections + section * 2]! / 4, words[Header.Sections + section * 2 + 1]! / 4] as const
const [zonesAt, zoneWords] = placeOf(Section.Zones)
const [schedulesAt, scheduleWords] = placeOf(Section.Schedules)
const [conditionsAt, conditionWords] = placeOf(Section.Conditions)

/** The index of the node with this operation, by its first word. */
function nodeAt(op: Op, size: number): number {
  const index = words.indexOf(op | (size << 8), conditionsAt)
  expect(index).toBeGreaterThan(0)
  expect(index).toBeLessThan(conditionsAt + conditionWords)
  return index
}

/** What the core says to the image with this word changed. */
function load(index: number, word: number): 'refused' | 'taken' {
  const image = original.slice()
  const changed = new Uint32Array(image.buffer)
  changed[index] = word
  writeChecksum(changed)
  let decider: Decider
  try {
    decider = new Decider(module, image, imageDigest)
  } catch (error) {
    if (error instanceof SallyportError && error.code === 'E_IMAGE') return 'refused'
    throw error
  }
  for (const now of [0, 1, -1, 1767686400000, 4e12, 4.2e12, 8.64e15, -8.64e15, 1e300]) {
    const { code } = decider.evaluate(
      {
        subject: { type: 'user', id: 'a' },
        action: { name: 'read' },
        resource: { type: 'd', id: 'd', properties: { a: '2026-01-01T00:00:00Z' } },
      },
      now,
      undefined,
    )
    expect(code, `word ${index} = ${word} at ${now}`).not.toBe('trap')
  }
  return 'taken'
}

test('the image is taken as it is', () => {
  expect(load(schedulesAt + Schedule.Days, words[schedulesAt + Schedule.Days]!)).toBe('taken')
  expect(zoneWords).toBeGreaterThan(10)
  expect(scheduleWords).toBe(Schedule.Lists + 2 + 6)
})

test.each<[string, number, number]>([
  ['more changes than there are', zonesAt + ZoneTable.Count, 0x7fffffff],
  ['an offset of a day', zonesAt + ZoneTable.FirstOffset, 86_400],
  ['an offset of minus a day', zonesAt + ZoneTable.Changes + 1, -86_400 >>> 0],
  ['changes out of order', zonesAt + ZoneTable.Changes, 0xffffffff],
  ['a zone that is none', schedulesAt + Schedule.Zone, Layout.ImageBase + zonesAt * 4 + 4],
  ['an eighth day', schedulesAt + Schedule.Days, 255],
  ['hours beyond the section', schedulesAt + Schedule.HoursCount, 0x40000000],
  ['dates beyond the section', schedulesAt + Schedule.DateCount, 0x80000002],
  ['exceptions beyond the section', schedulesAt + Schedule.ExceptCount, 0xffffffff],
  ['hours that end before they start', schedulesAt + Schedule.Lists, 600 | (500 << 16)],
  ['hours that start after the day', schedulesAt + Schedule.Lists, 1440 | (1500 << 16)],
  ['hours of two days', schedulesAt + Schedule.Lists, 600 | (2881 << 16)],
  ['a span that ends before it starts', schedulesAt + Schedule.Lists + 2, 30_000],
  ['a span beyond the tables', schedulesAt + Schedule.Lists + 3, 47_482],
  ['a thirteenth month', schedulesAt + Schedule.Lists + 5, 13 * 32 + 1],
  ['a day zero', schedulesAt + Schedule.Lists + 5, 32],
  ['a schedule that is none', nodeAt(Op.During, 7) + 6, Layout.ImageBase + schedulesAt * 4 + 4],
  ['a schedule that is a zone', nodeAt(Op.During, 7) + 6, Layout.ImageBase + zonesAt * 4],
  ['another slot than that of now', nodeAt(Op.During, 7) + 1, 1],
  ['a window that ends before it starts', nodeAt(Op.During, 7) + 5, 0xbff00000],
  ['a window that ends nowhere', nodeAt(Op.During, 7) + 5, 0x7ff80000],
  ['too many months', nodeAt(Op.Within, 7) + 2, 12_001],
  ['too many days', nodeAt(Op.Within, 7) + 3, 366_001],
  ['a zone of an age that is none', nodeAt(Op.Within, 7) + 4, Layout.ImageBase],
  ['another attribute that is none', nodeAt(Op.BeforeAttribute, 3) + 2, 0x100001],
  ['a longer node', nodeAt(Op.BeforeAttribute, 3), Op.BeforeAttribute | (4 << 8)],
])('%s', (_, index, word) => {
  expect(load(index, word)).toBe('refused')
})

test('random words among zones, schedules and nodes never fault', () => {
  const below = createRandom(11).integer
  const outcomes = { refused: 0, taken: 0 }
  for (let run = 0; run < 4000; run++) {
    const [start, length] = [placeOf(Section.Zones), placeOf(Section.Schedules), placeOf(Section.Conditions)][below(3)]!
    const index = start + below(length)
    const word = [() => below(2 ** 32), () => words[index]! ^ (1 << below(32)), () => words[index]! + 1][below(3)]!()
    outcomes[load(index, word)]++
  }
  expect(outcomes.refused).toBeGreaterThan(300)
  expect(outcomes.taken).toBeGreaterThan(300)
}, 60_000)
