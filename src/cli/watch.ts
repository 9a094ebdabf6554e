/** Calls back when a policy file or folder changes. */
import { type FSWatcher, statSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Editors write a file in several steps; we wait until it has been quiet for so long, in milliseconds. */
const QUIET = 100

/**
 * Watches until the returned function is called. `changed` is never called again before the promise it returned has
 * settled. What changed is for the caller to find out.
 */
export function watchPath(path: string, changed: () => Promise<void>, failed: (error: Error) => void): () => void {
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  let closed = false
  const onEvent = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      running = running.then(() => (closed ? undefined : changed())).catch(failed)
    }, QUIET)
  }
  const watcher = open(path, onEvent).on('error', failed)
  return () => {
    closed = true
    clearTimeout(timer)
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
