/** Log records as lines, one each, whatever their values hold. */

export type LogFormat = 'json' | 'text'

export type LogLevel = 'info' | 'warn' | 'error'

export interface LogRecord {
  readonly time: string
  readonly level: LogLevel
  readonly message: string
  /** What is undefined is left out. */
  readonly [field: string]: string | number | undefined
}

/**
 * What a terminal or a viewer could take for more than text: other ends of lines, control characters, and those that turn the direction of
 * writing. JSON escapes only the controls below U+0020 by itself.
 */
const TRICKY = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/**
 * @example writeLine('json', { time, level: 'info', message: 'request', status: 200 })
 * // {"time":"2026-05-01T12:00:00.000Z","level":"info","message":"request","status":200}
 * @example writeLine('text', { … }) // 2026-05-01T12:00:00.000Z info request status=200
 */
export function writeLine(format: LogFormat, record: LogRecord): string {
  if (format === 'json') return quote(record)
  const { time, level, message, ...fields } = record
  const pairs = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : `${name}=${word(value)}`))
  return [time, level, word(message), ...pairs].join(' ')
}

function word(value: string | number): string {
  const text = String(value)
  return /^[\w./:@-]+$/.test(text) ? text : quote(text)
}

function quote(value: unknown): string {
  return JSON.stringify(value).replace(TRICKY, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
