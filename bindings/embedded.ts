/**
 * The core for every runtime that may compile WebAssembly from bytes: Node, Deno, Bun, browsers. The bytes are part of
 * the script, so that no file has to be found next to it: bundlers need no configuration, Deno no permission to
 * read, a web server no MIME type for .wasm.
 */
import { SallyportError } from '../src/errors.ts'
import { decodeBase64 } from './base64.ts'
import base64 from './core.base64.js'

let core: Promise<WebAssembly.Module> | undefined

/**
 * The compiled decision core; compiled once and then shared, since a module holds no state.
 *
 * @throws SallyportError `E_PLATFORM` where no WebAssembly may be compiled
 * @example new WebAssembly.Instance(await loadCore())
 */
export function loadCore(): Promise<WebAssembly.Module> {
  core ??= compile()
  return core
}

/** At once where that is allowed: it takes little more than a millisecond, and on another thread, until one is free, far longer. */
async function compile(): Promise<WebAssembly.Module> {
  const bytes = decodeBase64(base64)
  try {
    return new WebAssembly.Module(bytes)
  } catch {
    // Pages of older Chromium may compile more than 4 KB only so.
    return WebAssembly.compile(bytes).catch(refused)
  }
}

/** The engine's own words say less, and lead to permitting more than is needed (`'unsafe-eval'`). */
function refused(cause: unknown): never {
  throw new SallyportError(
    'E_PLATFORM',
    `WebAssembly may not be compiled here: script-src of a page needs 'wasm-unsafe-eval', the bundle of a Worker --conditions=workerd`,
    { cause },
  )
}
