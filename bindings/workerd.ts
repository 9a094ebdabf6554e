/**
 * The core for Cloudflare Workers. workerd refuses to compile bytes at run time ("Wasm code generation disallowed by
 * embedder"); a static import gives the module, compiled when the Worker was uploaded.
 * https://developers.cloudflare.com/workers/runtime-apis/webassembly/
 */
import core from './core.wasm'

/** The compiled decision core. */
export async function loadCore(): Promise<WebAssembly.Module> {
  return core
}
