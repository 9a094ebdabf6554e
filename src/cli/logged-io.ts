/** `serve --log`: whatever is said on standard error takes the form of the log, so that a program can read all of it. */
import { type LogLevel, writeLine } from '../service/log/line.ts'
import type { LogOptions } from '../service/log/request-log.ts'
import type { Io } from './io.ts'

/** The words that errors and warnings begin with, or have behind their place in a file; their code stands at the end. */
const TOLD =
  /^(?<place>.+?:\d+:\d+ {2})?(?<level>error|warning)(?:: | {2})(?<message>.*?)(?: {2}(?<code>[EW]_[A-Z_]+))?$/s

/** The same, but each text that goes to standard error is one record: mistakes of policies that changed, keys, bundles, webhooks. */
export function loggedIo(io: Io, { format, write, now }: LogOptions): Io {
  const stderr = {
    write(text: string) {
      const { place = '', level, message = text.trimEnd(), code } = TOLD.exec(text.trimEnd())?.groups ?? {}
      const time = new Date(now()).toISOString()
      write(writeLine(format, { time, level: levelOf(level), message: `${place}${message}`, code }))
    },
  }
  return { ...io, stderr }
}

/** What begins with neither word is loud, as that a bundle is too old. */
function levelOf(word: string | undefined): LogLevel {
  return word === 'error' ? 'error' : 'warn'
}
