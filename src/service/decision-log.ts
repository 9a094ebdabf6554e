/** Decisions logged to a file: a line of JSON each, which log collectors follow. */
import { type FileHandle, open } from 'node:fs/promises'
import { SallyportError } from '../errors.ts'
import type { DecisionSink } from '../guard/log/sinks.ts'

export interface FileSink extends DecisionSink {
  /** Waits for what is being written, and closes the file. */
  close(): Promise<void>
}

/**
 * Appends events to a file, which is made if it is missing, readable by its owner only. It is opened for every batch, so that it may be moved
 * away at any time.
 *
 * @example createGuard({ …, log: { sink: fileSink('/var/log/sallyport/decisions.jsonl'), whenFull: 'wait' } })
 */
export function fileSink(path: string): FileSink {
  let last: Promise<void> = Promise.resolve()
  return {
    write(events) {
      const text = events.map((event) => `${JSON.stringify(event)}\n`).join('')
      // One after the other: lines of two batches must not mix.
      const written = last.then(() => append(path, text))
      last = written.catch(() => undefined)
      return written
    },
    close: () => last,
  }
}

async function append(path: string, text: string): Promise<void> {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'a', 0o600)
    await file.appendFile(text)
    // Whoever is told that it was logged may rely on it.
    await file.datasync()
  } catch (cause) {
    throw new SallyportError('E_FILE', `the decision log ${JSON.stringify(path)} cannot be written`, { cause })
  } finally {
    await file?.close()
  }
}
