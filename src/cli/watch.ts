/** Calls back when a policy file or folder changes. */
import { type FSWatcher, statSync, watch } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'

/** Editors write a file in several steps; we wait until it has been quiet for so long, in milliseconds. */
const QUIET = 100
/** But no longer than this: something in the folder may be written all the time. */
const LATEST = 1000
/**
 * The files themselves are looked at so often. The system tells at once of most changes, and of some not at all: of a file that was replaced before,
 * below a folder that Node watches with all that is in it, and of what links lead to, as where Kubernetes mounts secrets.
 */
const LOOK_EVERY = 2000

export interface Watched {
  readonly path: string
  /** The files that count. Of what cannot be listed, the next look tells. */
  readonly files: () => Promise<readonly string[]>
  /** Never called again before the promise it returned has settled. What changed is for the caller to find out. */
  readonly changed: () => Promise<void>
  readonly failed: (error: Error) => void
}

/** Watches until the returned function is called. */
export function watchPath({ path, files, changed, failed }: Watched): () => void {
  let timer: NodeJS.Timeout | undefined
  let since = 0
  let running = Promise.resolve()
  let closed = false
  let known = stateOf(files)
  const tell = async (): Promise<void> => {
    if (closed) return
    known = stateOf(files)
    await changed()
  }
  const onEvent = () => {
    const now = performance.now()
    if (timer === undefined) since = now
    clearTimeout(timer)
    timer = setTimeout(
      () => {
        timer = undefined
        running = running.then(tell).catch(failed)
      },
      Math.max(0, Math.min(QUIET, since + LATEST - now)),
    )
  }
  const look = async (): Promise<void> => {
    if (timer === undefined && (await stateOf(files)) !== (await known)) onEvent()
  }
  const looking = setInterval(() => void look(), LOOK_EVERY)
  const watcher = open(path, onEvent).on('error', failed)
  return () => {
    closed = true
    clearTimeout(timer)
    clearInterval(looking)
    watcher.close()
  }
}

/** A file is watched through its folder: editors replace files, and a watch on the old one would stay silent. */
function open(path: string, onEvent: () => void): FSWatcher {
  if (statSync(path).isDirectory()) return watch(path, { recursive: true }, onEvent)
  const name = basename(path)
  return watch(dirname(path), (_event, changed) => {
    if (changed === null || changed === name) onEvent()
  })
}

/** Which files there are, and when each was changed last, wherever links lead. */
async function stateOf(files: Watched['files']): Promise<string> {
  try {
    return (await Promise.all((await files()).map(stateOfFile))).join('\n')
  } catch (error) {
    return String(error)
  }
}

async function stateOfFile(path: string): Promise<string> {
  const { ino, size, ctimeNs } = await stat(path, { bigint: true })
  return `${path} ${ino} ${size} ${ctimeNs}`
}
