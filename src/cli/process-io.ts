/** The real world: this process's streams, clock and signals. */
import type { Io } from './io.ts'

/** What shells report for a program that ended on a broken pipe or Ctrl-C: 128 plus the signal's number. */
const BROKEN_PIPE = 141
const INTERRUPTED = 130

/** npm passes the Ctrl-C on that the terminal already gave us; within this time it is one press. In milliseconds. */
const SAME_PRESS = 500

export function processIo(): Io {
  quietOnBrokenPipe()
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    env: process.env,
    cwd: process.cwd(),
    now: Date.now,
    onStop,
  }
}

/**
 * `sallyport … | head` closes our output early; that is no failure to report, but no success (0 is allow) either. A log on standard error
 * that cannot be written, on a full disk say, must not end the service: those lines are lost.
 */
function quietOnBrokenPipe(): void {
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? BROKEN_PIPE : 1))
  process.stderr.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(BROKEN_PIPE)
  })
}

/** The first signal asks to stop; a second one ends the process at once. */
function onStop(stop: () => void): () => void {
  let first: number | undefined
  const onSignal = () => {
    if (first === undefined) {
      first = performance.now()
      stop()
    } else if (performance.now() - first > SAME_PRESS) process.exit(INTERRUPTED)
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return () => {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}
