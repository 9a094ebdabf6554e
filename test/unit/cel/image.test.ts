/** Images whose expressions are not what the compiler made, with a good checksum: none faults in the core. */
import { expect, test } from 'vitest'
import { Header, Section } from '../../../assembly/abi/image.ts'
import { createRandom } from '../../../bench/random.ts'
import { loadCore } from '../../../bindings/embedded.ts'
import { writeChecksum } from '../../../src/compiler/checksum.ts'
import { Decider } from '../../../src/engine/decider.ts'
import { imageDigest } from '../../../src/engine/image-digest.ts'
import { createEngine } from '../../../src/engine/index.ts'
import { SallyportError } from '../../../src/errors.ts'
import type { Rule } from '../../../src/policy/document.ts'

const expressions = [
  'context.items.all(i, i.price < 5.0 || i.name.startsWith("a"))',
  'context.items.map(i, i.price + 1.0).filter(p, p > 2.0).size() > 1',
  '{"a": 1, "b": 2u}.exists(k, v, v == 2u) && [1, 2, 3][1] == 2',
  'cel.bind(x, context.map, x.a + x["b"] > 1.0 ? has(x.c) : x.?c.orValue(true))',
  '"a,b,c".split(",").join("-").replace("-", "+").substring(1) == context.text',
  'string(double(context.text)) == "1.5" || int("12") + 1 == 13 || b"ab" + b"c" == b"abc"',
  'now - timestamp("2026-01-01T00:00:00Z") > duration("1h") && now.getHours("+01:00") < 12',
  'context.map.transformMap(k, v, v != 2.0, [k, string(v)]) == {} || context.text.matches("^[a-z]+$")',
  '[?context.?text, ?optional.none()].all(x, optional.of(x).optMap(y, y + y).value() != "")',
  'math.greatest([1, 2.5, 3u]) > 2 && sets.contains(["a"], context.words) && type(1) == int',
]
const rules = expressions.map((when, i): Rule => ({ id: `r${i}`, deny: 'read', when }))
const image = (await createEngine({ policies: { version: 1, rules } })).image.bytes
const module = await loadCore()
const contexts = [
  { items: [{ price: 3, name: 'ab' }, { price: 9 }], map: { a: 1, b: 2, c: false }, text: 'abc', words: ['a', 'b'] },
  { items: {}, map: [1, 'x'], text: '1.5', words: 'a' },
  { items: [[[1]], { price: { price: 1 } }], map: { a: { b: ['c'] } }, text: '', words: [] },
]

test('random words in expressions never fault', () => {
  const below = createRandom(3).integer
  const header = new Uint32Array(image.slice().buffer)
  const start = (header[Header.Sections + Section.Expressions * 2] ?? 0) / 4
  const length = (header[Header.Sections + Section.Expressions * 2 + 1] ?? 0) / 4
  expect(length).toBeGreaterThan(300)
  const outcomes = { refused: 0, decided: 0 }
  for (let run = 0; run < 10_000; run++) {
    const words = new Uint32Array(image.slice().buffer)
    for (let changes = below(3); changes >= 0; changes--) {
      const at = start + below(length)
      const word = words[at] ?? 0
      const strange = [
        0,
        word + 1,
        word - 1,
        word ^ (1 << below(32)),
        below(40),
        (word & ~0xff) | below(32),
        below(2 ** 32),
      ]
      words[at] = strange[below(strange.length)] ?? 0
    }
    writeChecksum(words)
    outcomes[decideAll(new Uint8Array(words.buffer))]++
  }
  expect(outcomes.refused).toBeGreaterThan(1000)
  expect(outcomes.decided).toBeGreaterThan(1000)
}, 120_000)

function decideAll(bytes: Uint8Array): 'refused' | 'decided' {
  let decider: Decider
  try {
    decider = new Decider(module, bytes, imageDigest)
  } catch (error) {
    if (error instanceof SallyportError && error.code === 'E_IMAGE') return 'refused'
    throw error
  }
  for (const context of contexts) {
    const request = {
      subject: { type: 'user', id: 'ann' },
      action: { name: 'read' },
      resource: { type: 'page', id: '1' },
      context,
    }
    const decision = decider.evaluate(request, 1_800_000_000_000, undefined)
    if (decision.code === 'trap') throw new Error('the core trapped')
  }
  return 'decided'
}
