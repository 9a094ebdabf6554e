/**
 * The core with the names of its functions, as the package's has none. Built as that is, but for the names; functions that are called as
 * often as one another may stand in another order, which is why it is profiled in place of the package's.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { shrinking } from '../../scripts/shrinking.mjs'

const named = 'build/bench/core-names.wasm'

/** From here on, whatever this process compiles as WebAssembly at once is that core: before the first engine is made. */
export function useNamedCore(): void {
  mkdirSync('build/bench', { recursive: true })
  const compiler = 'node_modules/assemblyscript/bin/asc.js'
  const args = ['--config', 'asconfig.json', '--target', 'release', '--debug', '--outFile', named]
  execFileSync(process.execPath, [compiler, ...args], { stdio: 'ignore' })
  const shrinker = 'node_modules/binaryen/bin/wasm-opt'
  execFileSync(process.execPath, [shrinker, named, ...shrinking, '-g', '-o', named], { stdio: 'ignore' })
  const core = new WebAssembly.Module(readFileSync(named))
  WebAssembly.Module = new Proxy(WebAssembly.Module, { construct: () => core })
}
