/** Numbers of bodies: the same double as JSON.parse, bit for bit. */
import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Layout } from '../../../assembly/abi/memory.ts'
import { Core } from '../../../src/engine/core.ts'
import { createEngine } from '../../../src/engine/index.ts'

const rules = [{ id: 'r', allow: 'a', when: { 'context.n': { gt: 0 } } }]
const { image } = await createEngine({ policies: { version: 1, rules } })
const wasm = new WebAssembly.Module(await readFile(new URL('../../../bindings/core.wasm', import.meta.url)))
const core = new Core(wasm, image.bytes)
/** The first slot that is not fixed: `context.n`. */
const cell = core.frame + (Layout.FixedSlots * Layout.CellSize) / 4

/** The number that the core reads, or undefined when it refuses the body. */
function readByCore(text: string): number | undefined {
  const body = new TextEncoder().encode(
    `{"subject":{"type":"u","id":"1"},"action":{"name":"a"},"resource":{"type":"t","id":"2"},"context":{"n":${text}}}`,
  )
  const at = core.calls.bodyRoom(body.length) >>> 0
  core.renew()
  core.u8.set(body, at)
  const length = core.evaluateJson(body.length, Number.NaN)
  core.renew()
  return length < 0 ? undefined : core.f64[(cell >>> 1) + 1]
}

function expectSame(text: string): void {
  let wanted: number | undefined
  try {
    wanted = JSON.parse(text) as number
  } catch {
    wanted = undefined
  }
  if (wanted !== undefined && !Number.isFinite(wanted)) wanted = undefined
  const read = readByCore(text)
  if (!Object.is(read, wanted)) expect.fail(`${text.slice(0, 200)} is ${wanted}, and ${read} for the core`)
}

test('notations', () => {
  const good = [
    '0',
    '-0',
    '0.0',
    '-0.0e5',
    '1E5',
    '1e+5',
    '1.5e-3',
    '123456789012345678901234567890',
    '0.1',
    '1e22',
    '1e23',
  ]
  const bad = [
    '',
    '-',
    '+1',
    '01',
    '-01',
    '1.',
    '.5',
    '1e',
    '1e+',
    '0x1',
    '1_0',
    'NaN',
    'Infinity',
    '1e309',
    '-1e309',
    '--1',
    '1..2',
  ]
  for (const text of [...good, ...bad]) expectSame(text)
})

test('the edges of doubles', () => {
  const edges = [
    '1.7976931348623157e308',
    '1.7976931348623158e308',
    '1.7976931348623159e308',
    '179769313486231580793728971405301e276',
  ]
  const least = [
    '4.9406564584124654e-324',
    '2.4703282292062327e-324',
    '2.4703282292062328e-324',
    '2.2250738585072011e-308',
    '5e-325',
  ]
  const halves = [
    '9007199254740993',
    '9007199254740993.0',
    '9007199254740993.00000000000000000001',
    '9007199254740992.99999999999',
  ]
  const long = [
    `0.${'0'.repeat(400)}1e400`,
    `${'9'.repeat(400)}e-400`,
    `${'9'.repeat(1000)}`,
    `1${'0'.repeat(308)}`,
    `1${'0'.repeat(309)}`,
  ]
  const exponents = [
    '0e999999999',
    '1e-999999999',
    '1e999999999',
    `0.${'0'.repeat(5000)}1e5001`,
    `1${'0'.repeat(5000)}e-5000`,
  ]
  for (const text of [...edges, ...least, ...halves, ...long, ...exponents]) expectSame(text)
})

/** Exactly between two doubles, and hardly beside it: where only whole numbers tell. */
test('middles of neighbours', () => {
  const bits = new DataView(new ArrayBuffer(8))
  fc.assert(
    fc.property(fc.bigInt(0n, (1n << 63n) - 1n), (raw) => {
      bits.setBigUint64(0, raw)
      const low = bits.getFloat64(0)
      if (!Number.isFinite(low) || low === 0) return
      const exponent = Number((raw >> 52n) & 0x7ffn)
      const mantissa = (raw & ((1n << 52n) - 1n)) | (exponent === 0 ? 0n : 1n << 52n)
      // (2 m + 1) × 2^power, in digits.
      const power = Math.max(exponent, 1) - 1076
      const odd = 2n * mantissa + 1n
      const text = power >= 0 ? String(odd << BigInt(power)) : `${odd * 5n ** BigInt(-power)}e${power}`
      const [digits = '', scale = '0'] = text.split('e')
      for (const middle of [
        text,
        `${digits}1e${Number(scale) - 1}`,
        `${BigInt(digits) * 10n - 1n}e${Number(scale) - 1}`,
      ]) {
        expectSame(middle)
      }
    }),
    { numRuns: 2000 },
  )
})

test('random digits', () => {
  const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${max}}$`))
  const number = fc.tuple(
    fc.constantFrom('', '-'),
    digits(25),
    fc.option(digits(30)),
    fc.option(fc.integer({ min: -345, max: 345 })),
  )
  fc.assert(
    fc.property(number, ([sign, whole, fraction, exponent]) => {
      const point = fraction === null ? '' : `.${fraction}`
      expectSame(`${sign}${whole.replace(/^0+(?=\d)/, '')}${point}${exponent === null ? '' : `e${exponent}`}`)
    }),
    { numRuns: 20_000 },
  )
})

test('doubles as JavaScript writes them', () => {
  const double = fc.double({ noNaN: true, noDefaultInfinity: true })
  fc.assert(
    fc.property(double, (value) => {
      expectSame(Object.is(value, -0) ? '-0' : String(value))
      expectSame(value.toExponential(20).replace('e+', 'e'))
    }),
    { numRuns: 20_000 },
  )
})
