/**
 * The names of the core's functions by their number, as the profiler shows only numbers. The package has none; a build with
 * names differs from it in nothing else, which is checked.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { shrinking } from '../../scripts/shrinking.mjs'

const named = 'build/bench/core-names.wasm'

/**
 * `assembly/condition/evaluate` and the like, by number.
 *
 * @throws Error when the built core is not that of the sources
 */
export function coreNames(): Map<number, string> {
  mkdirSync('build/bench', { recursive: true })
  const compiler = 'node_modules/assemblyscript/bin/asc.js'
  const args = ['--config', 'asconfig.json', '--target', 'release', '--debug', '--outFile', named]
  execFileSync(process.execPath, [compiler, ...args], { stdio: 'ignore' })
  const shrinker = 'node_modules/binaryen/bin/wasm-opt'
  execFileSync(process.execPath, [shrinker, named, ...shrinking, '-g', '-o', named], { stdio: 'ignore' })
  const bytes = readFileSync(named)
  if (codeLength(bytes) !== codeLength(readFileSync('dist/bindings/core.wasm'))) {
    throw new Error('the build with names differs from the package; run npm run build, or profile without names')
  }
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), 'name')
  return section === undefined ? new Map() : readNames(new Uint8Array(section))
}

/** The function names of a name section: https://webassembly.github.io/spec/core/appendix/custom.html#name-section */
function readNames(section: Uint8Array): Map<number, string> {
  const names = new Map<number, string>()
  const reader = { at: 0 }
  while (reader.at < section.length) {
    const kind = section[reader.at++]!
    const end = readUnsigned(section, reader) + reader.at
    if (kind === 1) {
      for (let left = readUnsigned(section, reader); left > 0; left--) {
        const number = readUnsigned(section, reader)
        const length = readUnsigned(section, reader)
        names.set(number, new TextDecoder().decode(section.subarray(reader.at, reader.at + length)))
        reader.at += length
      }
    }
    reader.at = end
  }
  return names
}

/** The length of the code section, whose id is 10. */
function codeLength(module: Uint8Array): number {
  const reader = { at: 8 }
  while (reader.at < module.length) {
    const id = module[reader.at++]
    const length = readUnsigned(module, reader)
    if (id === 10) return length
    reader.at += length
  }
  return 0
}

/** LEB128. */
function readUnsigned(bytes: Uint8Array, reader: { at: number }): number {
  let value = 0
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[reader.at++]!
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) return value >>> 0
  }
}
