/** The version of this package. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Read from package.json, which is nearer to the source than to what is built from it; hence the walk. */
export function readVersion(): string {
  for (let url = new URL('.', import.meta.url); ; url = new URL('..', url)) {
    const file = fileURLToPath(new URL('package.json', url))
    if (existsSync(file)) {
      const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string }
      if (name === 'sallyport' && version !== undefined) return version
    }
    if (url.pathname === '/' || new URL('..', url).href === url.href) return 'unknown'
  }
}
