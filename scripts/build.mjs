/**
 * Builds what is missing or stale: the core (assembly/ → wasm) and the package (src/, bindings/ → dist/).
 * Plain JavaScript, because it has to run on Node 20, which cannot run TypeScript.
 *
 *   node scripts/build.mjs            both
 *   node scripts/build.mjs core      the core only
 *   node scripts/build.mjs --force   also what is not stale
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { shrinking } from './shrinking.mjs'
import { hash, isFresh, markFresh } from './stale.mjs'

class BuildError extends Error {}

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const core = {
  name: 'core',
  inputs: [
    'assembly',
    'asconfig.json',
    'node_modules/assemblyscript/package.json',
    'node_modules/binaryen/package.json',
    'scripts/build.mjs',
    'scripts/shrinking.mjs',
  ],
  outputs: ['bindings/core.wasm', 'bindings/core.base64.js'],
  build: buildCore,
}
const dist = {
  name: 'dist',
  inputs: ['src', 'bindings', 'assembly/abi', 'tsconfig.json', 'tsconfig.build.json', 'package.json'],
  outputs: ['dist/src/index.js', 'dist/bindings/core.wasm', 'dist/bindings/core.base64.js'],
  build: buildDist,
}

try {
  const { force, targets } = readArguments(process.argv.slice(2))
  for (const target of targets) bringUpToDate(target, force)
} catch (error) {
  console.error(error instanceof BuildError ? error.message : error)
  process.exitCode = 1
}

function bringUpToDate(target, force) {
  // Hashed before the build: what changes while it runs must count as stale afterwards.
  const digest = hash(target.inputs)
  if (!force && isFresh(target, digest)) return
  const start = performance.now()
  target.build()
  markFresh(target, digest)
  console.error(`built ${target.name} in ${((performance.now() - start) / 1000).toFixed(1)} s`)
}

function readArguments(args) {
  const known = { core: [core], '--force': undefined }
  const wrong = args.find((arg) => !(arg in known))
  if (wrong !== undefined) fail(`unknown argument ${wrong}; known are: ${Object.keys(known).join(', ')}`)
  return { force: args.includes('--force'), targets: args.includes('core') ? [core] : [core, dist] }
}

function buildCore() {
  const file = `build/core-${process.pid}.wasm`
  run('node_modules/assemblyscript/bin/asc.js', '--config', 'asconfig.json', '--target', 'release', '--outFile', file)
  // Once more as a whole: smaller, and no slower (docs/decisions/0027-edge-engine.md).
  run('node_modules/binaryen/bin/wasm-opt', file, ...shrinking, '-o', file)
  const bytes = readFileSync(file)
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes))
  if (imports.length > 0) fail(`the core must import nothing, but imports ${JSON.stringify(imports)}`)
  const base64 = `build/core-${process.pid}.base64.js`
  writeFileSync(base64, `export default '${bytes.toString('base64')}'\n`)
  renameSync(file, 'bindings/core.wasm')
  renameSync(base64, 'bindings/core.base64.js')
}

/** Into a folder of its own first, so that a failed build leaves the old package as it was and no file outlives its source. */
function buildDist() {
  const folder = `build/dist-${process.pid}`
  try {
    run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', folder)
    for (const file of core.outputs) copyFileSync(file, `${folder}/${file}`)
    rmSync('dist', { recursive: true, force: true })
    renameSync(folder, 'dist')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs a tool's script on this Node. What it says is shown when it fails: asc has remarks about every good build. */
function run(script, ...args) {
  mkdirSync('build', { recursive: true })
  const { status, error, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })
  if (status !== 0) fail(`${[script, ...args].join(' ')} failed\n${error ?? ''}${stdout}${stderr}`)
}

function fail(message) {
  throw new BuildError(message)
}
