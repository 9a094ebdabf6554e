/** Regular expressions that no compiler made, in images with a good checksum: refused, or read without leaving them. */
import { expect, test } from 'vitest'
import { Header, Section } from '../../../assembly/abi/image.ts'
import { createRandom } from '../../../bench/random.ts'
import { loadCore } from '../../../bindings/embedded.ts'
import { writeChecksum } from '../../../src/compiler/checksum.ts'
import { compileModel } from '../../../src/compiler/index.ts'
import { Decider } from '../../../src/engine/decider.ts'
import { imageDigest } from '../../../src/engine/image-digest.ts'
import { SallyportError } from '../../../src/errors.ts'
import { loadModel } from '../../../src/policy/index.ts'
import { ask } from '../engine/support.ts'

const module = await loadCore()
const model = loadModel({
  version: 1,
  rules: ['^a+(b|\\u{1f600})?$', '(?im)^\\bk\\w{2,3}\\B|[^é-€]$', '\\p{Lu}'].map((regex, i) => {
    return { id: `${i}`, allow: 'read', when: { 'context.text': { regex } } }
  }),
})
const FORMS = [
  ['tables', compileModel(model)],
  ['NFAs', compileModel(model, { regexBounds: { cells: 0, work: 0 } })],
] as const
const TEXTS = ['', 'aab', 'aa\u{1f600}', 'x\nKab', 'ž\u{10ffff}€', 'a'.repeat(1000)]

test.each(FORMS)(
  'random words in %s never fault',
  (_, original) => {
    const below = createRandom(3).integer
    const words = new Uint32Array(original.buffer, original.byteOffset, original.length / 4)
    const section = Header.Sections + Section.RegexPrograms * 2
    const [first, count] = [words[section]! / 4, words[section + 1]! / 4]
    const outcomes = { refused: 0, decided: 0 }
    for (let run = 0; run < 10_000; run++) {
      const image = original.slice()
      const changed = new Uint32Array(image.buffer)
      for (let changes = below(3); changes >= 0; changes--) {
        // The headers more often than by chance: the rest is long.
        const at = first + (below(2) === 0 ? below(count) : below(8))
        changed[at] = strange(changed[at]!, below)
      }
      writeChecksum(changed)
      outcomes[decideAll(image)]++
    }
    expect(outcomes.refused).toBeGreaterThan(1000)
    expect(outcomes.decided).toBeGreaterThan(1000)
  },
  120_000,
)

function strange(word: number, below: (limit: number) => number): number {
  const changes = [
    0,
    1,
    0xffffffff,
    word + 1,
    word - 1,
    word + 16,
    word ^ (1 << below(32)),
    below(2 ** 32),
    below(4096),
  ]
  return changes[below(changes.length)]!
}

function decideAll(image: Uint8Array): 'refused' | 'decided' {
  let decider: Decider
  try {
    decider = new Decider(module, image, imageDigest)
  } catch (error) {
    if (error instanceof SallyportError && error.code === 'E_IMAGE') return 'refused'
    throw error
  }
  for (const text of TEXTS) {
    if (decider.evaluate(ask({ context: { text } }), 0, undefined).code === 'trap') throw new Error('the core trapped')
  }
  return 'decided'
}
