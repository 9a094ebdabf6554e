/** How a file of vectors is called. */
import { basename, dirname, resolve } from 'node:path'

/** `…/open-guard/rbac.json` is `open-guard/rbac`. */
export function nameOf(path: string): string {
  const full = resolve(path)
  return `${basename(dirname(full))}/${basename(full, '.json')}`
}
