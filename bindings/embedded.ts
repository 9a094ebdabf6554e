/**
 * The core for every runtime that may compile WebAssembly from bytes: Node, Deno, Bun, browsers. The bytes are part of
 * the script, so that no file has to be found next to it: bundlers need no configuration, Deno no permission to
 * read, a web server no MIME type for .wasm.
 */
import { decodeBase64 } from './base64.ts'
import base64 from './core.base64.js'

let core: Promise<WebAssembly.Module> | undefined

/**
 * The compiled decision core; compiled once and then shared, since a module holds no state.
 *
 * @example new WebAssembly.Instance(await loadCore())
 */
export function loadCore(): Promise<WebAssembly.Module> {
  core ??= compile()
  return core
}

async function compile(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(decodeBase64(base64))
}
