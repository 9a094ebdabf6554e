/** Changing a file that other commands may be changing, too: none loses what another one adds, and readers see it before or after. */
import { randomUUID } from 'node:crypto'
import type { Stats } from 'node:fs'
import { open, realpath, rename, rm, stat } from 'node:fs/promises'
import { SallyportError } from '../errors.ts'
import { attempt, locate, readText } from './files.ts'
import type { Io } from './io.ts'

/** How often another command is waited for, and how long each time, in milliseconds. */
const [TRIES, PAUSE] = [200, 20]

/**
 * Writes what `change` makes of the text that is there, which is undefined when there is no file. It keeps its owner and mode.
 *
 * @throws SallyportError `E_FILE`; what `change` throws, and then the file is as it was
 */
export async function updateFile(
  path: string,
  io: Io,
  change: (text: string | undefined) => Promise<string>,
): Promise<void> {
  const file = await realpath(locate(path, io)).catch(() => locate(path, io))
  const lock = `${file}.lock`
  await takeLock(lock, path)
  try {
    const known = await stat(file).catch(() => undefined)
    const text = await change(known === undefined ? undefined : await readText(path, io))
    await attempt(`cannot write ${path}`, () => replace(file, text, known))
  } finally {
    await rm(lock, { force: true })
  }
}

async function takeLock(lock: string, path: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const made = await attempt(`cannot write ${path}`, () => makeNew(lock))
    if (made) return
    if (tries === TRIES) {
      throw new SallyportError(
        'E_FILE',
        `cannot write ${path}: another command is writing it, says ${lock}; if none is running, one was ended: delete that file`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
  }
}

/** Whether there was none. */
async function makeNew(file: string): Promise<boolean> {
  try {
    await (await open(file, 'wx')).close()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** Beside it, and renamed when it is whole. */
async function replace(file: string, text: string, known: Stats | undefined): Promise<void> {
  const temporary = `${file}.${randomUUID()}`
  try {
    const handle = await open(temporary, 'wx', 0o666)
    try {
      if (known !== undefined) {
        const { uid, gid } = await handle.stat()
        if (uid !== known.uid || gid !== known.gid) await handle.chown(known.uid, known.gid)
        await handle.chmod(known.mode & 0o777)
      }
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
