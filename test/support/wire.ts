/** Requests as bodies: two ways to an answer, and ways to write one value as JSON. */
import { answerEvaluation, formatDecision, parseBody } from '../../src/authzen/index.ts'
import type { Engine, EvaluateOptions } from '../../src/engine/types.ts'
import { SallyportError } from '../../src/errors.ts'

export interface Answer {
  /** The body of the answer, or the code of the error. */
  readonly text: string
  /** That of the error. */
  readonly message: string
}

/** What `evaluateJson` answers, by itself and into memory that is given. */
export function answerOfCore(engine: Engine, body: Uint8Array, options: EvaluateOptions): Answer {
  const decoder = new TextDecoder()
  const answer = answered(() => decoder.decode(engine.evaluateJson(body, options)))
  const other = answered(() => decoder.decode(engine.evaluateJson(body, { ...options, into: ROOM })))
  if (other.text !== answer.text) throw new Error(`${other.text}\nwith memory for it, and not ${answer.text}`)
  return answer
}

/** Has room for some answers, and not for all. */
const ROOM = new Uint8Array(120)

/** What the service answered before there was `evaluateJson`: the body as an object, decided and written as JSON. */
export function answerOfHost(engine: Engine, body: Uint8Array, options: EvaluateOptions): Answer {
  return answered(() => {
    const value = parseBody(decode(body), 64)
    return JSON.stringify(answerEvaluation((request) => formatDecision(engine.evaluate(request, options)), value))
  })
}

function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw new SallyportError('E_REQUEST', 'the body is not valid UTF-8')
  }
}

function answered(answer: () => string): Answer {
  try {
    return { text: answer(), message: '' }
  } catch (error) {
    if (error instanceof SallyportError) return { text: error.code, message: error.message }
    throw error
  }
}

/** The value as JSON, in a form that `random` (from 0 to below 1) chooses: order, white space, escapes, notation of numbers. */
export function writeJson(value: unknown, random: () => number): string {
  const space = () => (random() < 0.8 ? '' : (['  ', '\n', '\t\r\n', ' '][Math.floor(random() * 4)] ?? ''))
  const write = (one: unknown): string => {
    if (typeof one === 'string') return writeString(one, random)
    if (typeof one === 'number') return writeNumber(one, random)
    if (Array.isArray(one)) return `[${space()}${one.map(write).join(`${space()},${space()}`)}${space()}]`
    if (typeof one === 'boolean') return String(one)
    // What JSON has not becomes null.
    if (typeof one !== 'object' || one === null) return 'null'
    const entries = Object.entries(one).filter(([, part]) => part !== undefined)
    if (random() < 0.3) entries.reverse()
    const members = entries.map(([key, part]) => `${writeString(key, random)}${space()}:${space()}${write(part)}`)
    return `{${space()}${members.join(`${space()},${space()}`)}${space()}}`
  }
  return space() + write(value) + space()
}

function writeString(given: string, random: () => number): string {
  // Half a surrogate pair is refused: rarely, so that there is something else to see.
  const text = random() < 0.001 ? given : given.toWellFormed()
  if (random() < 0.8) return JSON.stringify(text)
  const units = text.split('').map((unit) => {
    const isHalf = /[\ud800-\udfff]/.test(unit)
    return random() < 0.5 && !isHalf
      ? JSON.stringify(unit).slice(1, -1)
      : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return `"${units.join('')}"`
}

function writeNumber(number: number, random: () => number): string {
  if (random() < 0.7 || !Number.isFinite(number)) return JSON.stringify(number)
  return random() < 0.5
    ? number.toExponential()
    : `${JSON.stringify(number)}${Number.isInteger(number) && Math.abs(number) < 1e15 ? '.0' : ''}`
}

/** The bytes with some changed, left out, doubled or put in. */
export function mutate(body: Uint8Array, random: () => number): Uint8Array {
  let bytes = [...body]
  for (let i = Math.floor(random() * 3); i >= 0; i--) {
    const at = Math.floor(random() * (bytes.length + 1))
    const length = Math.floor(random() * 6)
    const piece = PIECES[Math.floor(random() * PIECES.length)] ?? ''
    const put = random() < 0.3 ? [Math.floor(random() * 256)] : [...new TextEncoder().encode(piece)]
    const change = Math.floor(random() * 5)
    if (change === 0) bytes.splice(at, length)
    else if (change === 1) bytes.splice(at, 0, ...bytes.slice(at, at + length * 4))
    else if (change === 2 && random() < 0.5) bytes = bytes.slice(0, at)
    else bytes.splice(at, change === 3 ? put.length : 0, ...put)
  }
  return new Uint8Array(bytes)
}

const PIECES = [
  '"',
  '\\',
  '\\u',
  '\\ud83d',
  '\\ude00',
  '\\u0000',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '-',
  '0',
  '1e999',
  '1e-400',
  '-0',
  '.5',
  '1.',
  '01',
  'null',
  'true',
  'nul',
  '"type":',
  '"id":"x",',
  '"roles":["admin"],',
  '"roles":[{"role":"editor","on":"doc"}],',
  '"tenant":"other",',
  '"on_behalf_of":{"type":"user","id":"u"},',
  '"properties":null,',
  '\u00e9',
  '\u65e5',
  '\u{1f600}',
  '\ufeff',
  '\u2028',
  '\u0007',
  ' ',
  '\n',
  '/**/',
  '//',
]
