/** docs/architecture.md: imports point one way, and what is below the service touches nothing of the machine. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { firstCells, readPage, root, rows } from './markdown.ts'

/** From the first room, which imports from none, to the last. */
const rooms = [
  'assembly',
  'src/errors.ts',
  'src/pace.ts',
  'src/text',
  'src/tuple',
  'src/cel',
  'src/policy',
  'src/compiler',
  'bindings',
  'src/engine',
  'src/delegation',
  'src/openfga',
  'src/spicedb',
  'src/relation-source',
  'src/store',
  'src/revocation',
  'src/guard',
  'src/pap',
  'src/identity',
  'src/authzen',
  'src/http',
  'src/service',
  'src/relation-servers',
  'src/middleware',
  'src/pep',
  'src/bundle',
  'src/client',
  'src/cli',
] as const

interface Import {
  readonly from: string
  /** A path from the root of the repository, or a package. */
  readonly to: string
  /** Gone when it runs. */
  readonly typeOnly: boolean
}

const files = ['assembly', 'bindings', 'src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name)),
)
const imports = files.flatMap(importsOf)

function importsOf(file: string): Import[] {
  const code = readFileSync(join(root, file), 'utf8')
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/^\s*\/\/.*$/gm, '')
  const found: Import[] = []
  for (const [, type, specifier = ''] of code.matchAll(
    /^(?:import|export)\s+(type\b)?(?:[^'"]*?\bfrom\s*)?['"]([^'"]+)['"]/gm,
  )) {
    found.push({ from: file, to: resolve(file, specifier), typeOnly: type !== undefined })
  }
  for (const [, specifier = ''] of code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)) {
    found.push({ from: file, to: resolve(file, specifier), typeOnly: false })
  }
  return found
}

function resolve(file: string, specifier: string): string {
  if (specifier === '#core') return 'bindings/embedded.ts'
  if (!specifier.startsWith('.')) return specifier
  const path = join(dirname(file), specifier)
  // AssemblyScript leaves the ending out.
  return /\.\w+$/.test(path) ? path : `${path}.ts`
}

function roomOf(path: string): number {
  return rooms.findIndex((room) => path === room || path.startsWith(`${room}/`))
}

test('the imports are found', () => {
  expect(imports.length).toBeGreaterThan(200)
  const lost = imports.filter(({ to }) => /\.ts$/.test(to) && !files.includes(to))
  expect(lost).toEqual([])
  const outside = files.filter((file) => roomOf(file) < 0)
  expect(outside).toEqual(['src/index.ts'])
})

test('no room imports a later one', () => {
  const wrong = imports.filter(({ from, to }) => roomOf(from) >= 0 && roomOf(to) > roomOf(from))
  expect(wrong).toEqual([])
})

test('each room uses the packages that the page names, and no other', () => {
  const page = readPage('docs/architecture.md')
  expect(firstCells(page, '## Rooms').map((cell) => cell.replace(/\/$/, ''))).toEqual([...rooms])
  const allowed: Readonly<Record<string, readonly string[]>> = {
    yaml: ['src/policy', 'src/openfga'],
    '@openfga/syntax-transformer': ['src/policy', 'src/openfga'],
    '@eslint-community/regexpp': ['src/policy'],
    'ipaddr.js': ['src/policy'],
    semver: ['src/policy'],
    'fastest-levenshtein': ['src/cel', 'src/policy'],
    '@marcbachmann/cel-js': ['src/cel'],
    '@noble/hashes': ['src/engine', 'src/guard'],
    'jsonc-parser': ['src/policy', 'src/authzen', 'src/cli'],
    jose: ['src/identity', 'src/authzen', 'src/service', 'src/bundle', 'src/cli'],
    nanotar: ['src/bundle'],
    kysely: ['src/store'],
    '@nats-io/jetstream': ['src/revocation'],
    pg: ['src/service'],
    '@opentelemetry/api': ['src/service'],
    hono: ['src/service', 'src/middleware'],
    typebox: ['src/service'],
    cockatiel: ['src/relation-servers', 'src/pep'],
    'lru-cache': ['src/pep'],
    'openapi-fetch': ['src/client'],
    oauth4webapi: ['src/pep'],
    '@hono/node-server': ['src/service'],
    'node:': ['src/service', 'src/cli'],
  }
  const used = new Set<string>()
  for (const { from, to } of imports) {
    if (/^(?:assembly|bindings|src)\//.test(to)) continue
    const name = to.startsWith('node:') ? 'node:' : (/^(?:@[^/]+\/)?[^/]+/.exec(to)?.[0] ?? to)
    expect(allowed[name], `${from} imports ${to}`).toContain(rooms[roomOf(from)])
    used.add(`${rooms[roomOf(from)]} ${name}`)
  }
  const named = Object.entries(allowed).flatMap(([name, where]) => where.map((room) => `${room} ${name}`))
  expect([...used].sort()).toEqual(named.sort())
  for (const [room = '', , besides = ''] of rows(page, '## Rooms')) {
    for (const [name, where] of Object.entries(allowed)) {
      const short = name.replace(/^@(?:eslint-community|openfga|marcbachmann)\//, '')
      const says = besides.replaceAll('`', '').split(', ').includes(short)
      expect(says, `${room} ${name}`).toBe(where.includes(room.replaceAll('`', '').replace(/\/$/, '')))
    }
  }
})

/** What a file imports when it runs, and what that imports. */
function reachedFrom(entry: string): Set<string> {
  const reached = new Set([entry])
  for (const file of reached) {
    for (const { from, to, typeOnly } of imports) if (from === file && !typeOnly) reached.add(to)
  }
  expect(reached.size).toBeGreaterThan(8)
  return reached
}

test('sallyport/engine and sallyport/edge reach neither the parser nor the compiler when they run', () => {
  const whole = reachedFrom('src/engine/load.ts')
  const edge = reachedFrom('src/engine/edge.ts')
  expect([...whole, ...edge].filter((file) => /^src\/(?:cel|policy|compiler)\//.test(file))).toEqual([])
  const explaining =
    /^src\/engine\/(?:explan|explain|disassemble|why-not|relations\/(?:questions|list|expand|tuple-reader))/
  expect([...edge].filter((file) => explaining.test(file))).toEqual([])
  expect([...whole].filter((file) => explaining.test(file)).length).toBeGreaterThan(8)
})

test('the stores that run no SQL bring no writer of it', () => {
  for (const store of ['memory', 'indexeddb']) {
    expect([...reachedFrom(`src/store/${store}/index.ts`)].filter((file) => !file.startsWith('src/'))).toEqual([])
  }
})

test('a PDP without APIs carries no library of schemas', () => {
  expect(reachedFrom('src/service/app.ts')).not.toContain('typebox')
  expect(reachedFrom('src/service/api/index.ts')).toContain('typebox')
})

test('nothing below the service knows the clock, the environment or the network', () => {
  const pure = files.filter((file) => roomOf(file) < rooms.indexOf('src/service'))
  const machine =
    /\b(?:Date\.now|new Date\(\)|performance\.now|Math\.random|process\.|(?<!consumer\.)fetch\(|setTimeout|setInterval)/
  const found = pure.filter((file) => machine.test(readFileSync(join(root, file), 'utf8').replace(/\/\*.*?\*\//gs, '')))
  expect(found).toEqual([])
})
