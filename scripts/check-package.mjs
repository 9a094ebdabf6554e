/**
 * Packs the package and looks at it the way a user gets it: what is in it, whether its exports and types resolve, and
 * whether a project that installs it can use every entry. Exit code 1 when something is wrong.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

if (process.argv.includes('--help')) {
  console.log('Builds and packs the package, and looks at it the way a user gets it.\n\n  npm run check:package')
  process.exit(0)
}
process.chdir(fileURLToPath(new URL('..', import.meta.url)))

/** All that may be in the package; what has no slash and the core must be. */
const allowed = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|policy\.schema\.json)$/,
  /^dist\/(src|bindings|assembly)\/[\w/-]+(\.base64)?\.(js|d\.ts)$/,
  /^dist\/bindings\/core\.wasm$/,
]
const required = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'policy.schema.json']
required.push('dist/bindings/core.wasm', 'dist/bindings/core.base64.js', 'dist/bindings/workerd.js')

let passed = 0
let failed = 0
const consumer = mkdtempSync(join(tmpdir(), 'sallyport-consumer-'))
try {
  run('node', 'scripts/build.mjs', '--force')
  mkdirSync('build/package', { recursive: true })
  // The build was just made; and npm would mix what it prints with the JSON.
  const [packed] = JSON.parse(run('npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', 'build/package'))
  const tarball = resolve('build/package', packed.filename)
  const files = packed.files.map(({ path }) => path)

  check('the package holds nothing else', () => {
    const surplus = files.filter((file) => !allowed.some((pattern) => pattern.test(file)))
    if (surplus.length > 0) throw new Error(`not expected: ${surplus.join(', ')}`)
  })
  check('the package holds what is needed', () => {
    const missing = required.filter((file) => !files.includes(file))
    if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}`)
  })
  check('publint', () => run('publint', 'run', tarball, '--strict'))
  check('are the types wrong', () => {
    const untyped = ['./core.wasm', './policy.schema.json', './package.json']
    run('attw', tarball, '--profile', 'esm-only', '--format', 'ascii', '--exclude-entrypoints', ...untyped)
  })

  cpSync('test/package', consumer, { recursive: true })
  writeFileSync(join(consumer, 'package.json'), '{ "private": true, "type": "module" }\n')
  const tsc = resolve('node_modules/.bin/tsc')
  const inConsumer = (...command) => runIn(consumer, ...command)
  check('installs', () => inConsumer('npm', 'install', tarball, '--no-audit', '--no-fund', '--prefer-offline'))
  check('runs', () => inConsumer('node', 'use.mjs'))
  check('the command runs', () => inConsumer('node_modules/.bin/sallyport', '--help'))
  // The service's types need those of Node, as every Node project has them.
  mkdirSync(join(consumer, 'node_modules/@types'), { recursive: true })
  symlinkSync(resolve('node_modules/@types/node'), join(consumer, 'node_modules/@types/node'), 'dir')
  check('types resolve as in Node', () => inConsumer(tsc, '-p', 'tsconfig.nodenext.json'))
  check('types resolve as in a bundler', () => inConsumer(tsc, '-p', 'tsconfig.bundler.json'))
  // What the engine hashes images by; the smallest one has the platform do it.
  const libraries = { 'sallyport/engine': /node_modules\/@noble\/hashes\//, 'sallyport/edge': undefined }
  for (const [entry, library] of Object.entries(libraries))
    check(`${entry} carries only the engine`, () => {
      const { metafile } = buildSync({
        stdin: { contents: `export { loadEngine } from '${entry}'`, resolveDir: consumer },
        bundle: true,
        minify: true,
        format: 'esm',
        metafile: true,
        write: false,
        logLevel: 'silent',
      })
      const foreign = Object.keys(metafile.inputs).filter(
        (file) => !/sallyport\/dist\/(bindings|src\/(?!policy|compiler))|<stdin>/.test(file) && !library?.test(file),
      )
      if (foreign.length > 0) throw new Error(`bundled with it: ${foreign.join(', ')}`)
      console.log(`      ${Object.values(metafile.outputs)[0].bytes} bytes, minified, with the core`)
    })
  console.log(`${packed.filename}: ${files.length} files, ${packed.size} bytes packed, ${packed.unpackedSize} unpacked`)
} finally {
  rmSync(consumer, { recursive: true, force: true })
}

// For .ci/run, which adds up.
mkdirSync('build/test', { recursive: true })
writeFileSync('build/test/package.json', JSON.stringify({ passed, failed }))
console.log(`package: ${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function check(name, work) {
  try {
    work()
    passed++
    console.log(`ok    ${name}`)
  } catch (error) {
    failed++
    console.log(`wrong ${name}: ${error.message}`.trimEnd())
  }
}

/** Runs a command here; returns what it printed. */
function run(...command) {
  return runIn('.', ...command)
}

function runIn(folder, command, ...args) {
  try {
    return execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')} failed\n${error.stdout ?? error.message}${error.stderr ?? ''}`)
  }
}
