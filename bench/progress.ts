/** The progress line: one that is rewritten on a terminal, one line a step elsewhere, such as in a log of CI. */

export interface Progress {
  show(message: string): void
  /** A last line that stays. */
  done(message: string): void
}

/** Where the line goes: `process.stderr`, or anything with its `write`. */
export interface ProgressStream {
  write(text: string): unknown
  readonly isTTY?: boolean
}

export function createProgress(stream: ProgressStream): Progress {
  const clearLine = '\r\x1b[2K'
  let step = ''
  return {
    show(message) {
      if (stream.isTTY) stream.write(`${clearLine}${message}`)
      else {
        // Every round would fill a log: one line says it for all of them.
        const next = message.replace(/round \d+ of /, 'rounds: ')
        if (next !== step) stream.write(`${next}\n`)
        step = next
      }
    },
    done(message) {
      stream.write(`${stream.isTTY ? clearLine : ''}${message}\n`)
    },
  }
}
